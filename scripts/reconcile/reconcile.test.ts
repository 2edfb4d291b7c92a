import { parseOptions, type ReconcileOptions } from './options.ts';
import { reconcile, type Answer } from './reconcile.ts';
import { tableOf } from './table.ts';

const now = Date.parse('2026-11-22T12:30:00Z');
const options = (...args: string[]): ReconcileOptions => {
  const read = parseOptions(args, now);
  if (typeof read === 'string') throw new Error(read);
  return read;
};
const none = { count: 0, amount: '0.0000' };
const sum = (more: object = {}): Answer['sums'][number] => ({
  what: 'orders', source: 'shopify', account: 'default', day: '2026-11-22', currency: 'EUR', accepted: { count: 2, amount: '30.0000' }, loaded: { count: 2, amount: '30.0000' },
  inFlight: none, parked: none, quarantined: none, different: none, ...more,
});
const even: Answer = { run: 'r', sums: [sum()], differences: 0, byKind: {}, named: [], unasked: [], pending: 0, quarantine: 0, faults: [], damaged: 0, moreSums: 0 };

async function run(answer: Answer | Error, ...args: string[]) {
  const out: string[] = [];
  const notes: string[] = [];
  const asked: { name: string; payload: Record<string, unknown> }[] = [];
  const send = async ({ input }: { input: { FunctionName: string; Payload: Uint8Array } }) => {
    const payload = JSON.parse(Buffer.from(input.Payload).toString('utf8')) as Record<string, unknown>;
    asked.push({ name: input.FunctionName, payload });
    if (answer instanceof Error) throw answer;
    const first = payload['hour'] === '2026/11/22/11' && payload['after'] === undefined;
    const tally = { deliveries: 1, events: 2, erased: 0, unknown: 0, damaged: first ? [{ key: 'raw/x', offset: 7, reason: 'body' }] : [], ...(first && { after: 'raw/x' }) };
    return { Payload: Buffer.from(JSON.stringify('hour' in payload ? tally : answer)) };
  };
  const shares: number[] = [];
  const status = await reconcile(options(...args), { client: { send } as never, out: (line) => void out.push(line), note: (line) => void notes.push(line), show: (share) => void shares.push(share) });
  return { status, out, notes, asked, shares };
}

it('has every hour read to its end, then compared, and says that all is even', async () => {
  const { status, asked, notes, shares } = await run(even, '--from', '2026-11-22T11:00:00Z');
  expect(status).toBe(0);
  expect(asked.map(({ name, payload }) => [name, payload['hour'], payload['after']])).toEqual([
    ['orderflow-ingest-local-tally', '2026/11/22/10', undefined], ['orderflow-ingest-local-tally', '2026/11/22/11', undefined], ['orderflow-ingest-local-tally', '2026/11/22/11', 'raw/x'],
    ['orderflow-ingest-local-tally', '2026/11/22/12', undefined], ['orderflow-warehouse-local-reconcile', undefined, undefined],
  ]);
  expect(asked.at(-1)?.payload).toMatchObject({ ask: true, tallied: { deliveries: 4, events: 8 }, from: '2026-11-22T11:00:00.000Z' });
  expect(new Set(asked.map(({ payload }) => payload['run'])).size).toBe(1);
  expect(notes).toEqual(expect.arrayContaining([expect.stringContaining('raw/x from byte 7'), expect.stringMatching(/^even: /)]));
  expect(shares.at(-1)).toBe(1);
});

it('names what differs and what is broken, and ends with 1', async () => {
  const { status, out, notes } = await run({
    ...even, differences: 102, byKind: { lost: 102 }, unasked: [{ source: 'etsy', account: 'default', why: 'credential' }], faults: [{ check: 'orders: one row a key', count: 1, keys: ['k'] }],
    sums: [sum({ loaded: { count: 1, amount: '10.0000' }, different: { count: 1, amount: '20.0000' } })],
    named: [{ kind: 'lost', key: 'shopify:default:1', eventId: 'e', amount: '20.0000', warehouseAmount: null, what: 'orders', source: 'shopify', account: 'default', day: '2026-11-22', currency: 'EUR' }],
  });
  expect(status).toBe(1);
  expect(out).toEqual(expect.arrayContaining([
    'lost: 102', '  shopify:default:1  2026-11-22  20.0000 EUR', expect.stringMatching(/^101 more: SELECT .* 'r'$/), 'broken: orders: one row a key: 1 (k)',
  ]));
  expect(notes).toEqual(expect.arrayContaining(['etsy:default was not asked: credential', 'not even: 102 differences, 1 broken rule']));
});

it('says what to do when nothing runs', async () => {
  expect(await run(new Error('connect ECONNREFUSED'))).toMatchObject({ status: 1, notes: [expect.stringMatching(/npm start/)] });
});

it('shows a line for what is not loaded whole, and adds up the rest', () => {
  const lines = tableOf([sum(), sum({ source: 'wix' }), sum({ day: '2026-11-23', loaded: { count: 1, amount: '10.0000' }, parked: { count: 1, amount: '20.0000' } })], false);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/shopify .* 2026-11-23 .* 2 = 30\.00 +1 = 10\.00 +· +1 = 20\.00/);
  expect(lines[2]).toMatch(/2 sources .* 2 lines .* 4 = 60\.00 +4 = 60\.00/);
  expect(tableOf([sum(), sum({ source: 'wix' })], true)).toHaveLength(3);
});

it.each([
  [['--days', '0'], /whole number/], [['--to', '2026-11-21'], /goes with --from/], [['--from', 'yesterday'], /must be a day/], [['--from', '2026-11-23'], /begin before it ends/],
  [['--days', '2', '--from', '2026-11-20'], /exclude/], [['--port-base', 'x'], /port number/], [['--loud'], /usage/],
])('refuses %j', (args, message) => expect(parseOptions(args, now)).toMatch(message));

it('compares the last day unless it is told otherwise', () => {
  expect(options()).toMatchObject({ from: '2026-11-21T12:30:00.000Z', to: '2026-11-22T12:30:00.000Z', ask: true });
  expect(options('--days', '3', '--no-ask', '--stage', 'dev')).toMatchObject({ from: '2026-11-19T12:30:00.000Z', ask: false, client: {} });
  expect(options('--port-base', '5000').client).toMatchObject({ endpoint: 'http://127.0.0.1:5566' });
});
