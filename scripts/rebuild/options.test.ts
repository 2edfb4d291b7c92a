import { parseOptions, type RebuildOptions } from './options.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const options = (...args: string[]): RebuildOptions => {
  const read = parseOptions(args, now);
  if (typeof read === 'string') throw new Error(read);
  return read;
};

it.each([
  [[], { kind: 'landed', days: undefined, fresh: false }],
  [['--days', '3'], { kind: 'landed', days: 3, fresh: false }],
  [['--fresh', '--yes'], { kind: 'landed', days: undefined, fresh: true }],
  [['--check'], { kind: 'check' }],
  [['--from', '2026-11-01'], { kind: 'archive', from: '2026-11-01T00:00:00.000Z', dryRun: false }],
  [['--from', '2026-11-01T08:00:00+02:00'], { kind: 'archive', from: '2026-11-01T06:00:00.000Z', dryRun: false }],
  [['--from', '2026-11-01', '--to', '2026-11-03', '--source', 'etsy', '--dry-run'], { kind: 'archive', from: '2026-11-01T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z', source: 'etsy', dryRun: true }],
] as const)('%j is one way', (args, way) => expect(options(...args).way).toEqual(way));

it.each([
  // part of the days in emptied tables would be a loss
  [['--fresh', '--yes', '--days', '3'], /leave --days out/],
  [['--days', '0'], /whole number from 1/],
  [['--check', '--fresh'], /stand alone/],
  [['--from', '2026-11-01', '--days', '2'], /stand alone/],
  [['--from', 'last week'], /must be a day/],
  [['--from', '2027-01-01'], /in the past/],
  [['--from', '2026-11-01', '--to', '2026-10-01'], /after --from/],
  [['--from', '2026-11-01', '--to', 'now'], /--to must be a day/],
  [['--dry-run'], /go with --from/],
  [['--port-base', 'x'], /port number/],
  [['--all'], /usage/],
])('refuses %j', (args, message) => expect(parseOptions(args, now)).toMatch(message));

it('speaks to the local cloud of its port base, and to AWS for other stages', () => {
  expect(options('--port-base', '5000').client).toMatchObject({ endpoint: 'http://127.0.0.1:5566' });
  expect(options('--stage', 'dev').client).toEqual({});
});
