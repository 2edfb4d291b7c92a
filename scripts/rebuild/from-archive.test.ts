import { fromArchive } from './from-archive.ts';
import type { RebuildOptions } from './options.ts';

const began = Date.parse('2026-11-22T12:00:00Z');
const options: RebuildOptions = { way: { kind: 'check' }, stage: 'local', yes: false, sums: undefined, client: {} };
const from = '2026-11-21T12:00:00.000Z';

interface Answer { readonly counts?: Record<string, number>; readonly next?: object; readonly damaged?: readonly object[]; readonly samples?: readonly object[] }

async function run(way: { readonly dryRun?: boolean; readonly to?: string; readonly source?: string }, ...answers: (Answer | Error)[]) {
  const [asked, shown, out, notes] = [[] as unknown[], [] as number[], [] as string[], [] as string[]];
  const send = async (command: { readonly input: { readonly FunctionName: string; readonly Payload: Uint8Array } }) => {
    asked.push([command.input.FunctionName, JSON.parse(Buffer.from(command.input.Payload).toString('utf8'))]);
    const answer = answers[asked.length - 1];
    if (answer instanceof Error) throw answer;
    return { Payload: Buffer.from(JSON.stringify({ counts: {}, samples: [], damaged: [], objects: 1, ...answer })) };
  };
  const status = await fromArchive(options, { kind: 'archive', from, dryRun: false, ...way }, {
    client: { send } as never, now: () => began, pause: async () => {}, out: (line) => void out.push(line.trim()), show: (share) => void shown.push(share), note: (line) => void notes.push(line),
    read: () => undefined, write: () => {},
  });
  return { status, asked, shown, out, notes };
}

const sample = { what: 'corrected', id: 'e1', type: 'order.created', key: 'canonical:default:1' };

it('reads part by part, shows how far it is, and sums up', async () => {
  const next = { hour: '2026/11/22/00', after: 'raw/2026/11/22/00/w-0' };
  const { status, asked, shown, out, notes } = await run({}, { counts: { deliveries: 5, same: 4, corrected: 1 }, samples: [sample], next }, { counts: { deliveries: 2, same: 1, taken: 1 } });
  expect(status).toBe(0);
  const input = { from, until: '2026-11-22T12:00:00.000Z', at: '2026-11-22T12:00:00.000Z' };
  expect(asked).toEqual([['orderflow-ingest-local-reinterpret', input], ['orderflow-ingest-local-reinterpret', { ...input, next }]]);
  expect(shown).toEqual([0.5, 1]);
  expect(out).toEqual([
    '7  deliveries read', '5  events that say what the warehouse has', '1  events that say something else now: corrected',
    '1  events that were never accepted: taken as history, nobody is written to', 'corrected  order.created  canonical:default:1  e1',
  ]);
  expect(notes).toEqual(['2 are on their way; the loader takes them within a minute']);
});

it('only counts in a dry run', async () => {
  const { asked, out, notes } = await run({ dryRun: true, to: '2026-11-22T00:00:00.000Z', source: 'etsy' }, { counts: { deliveries: 1, corrected: 1 } });
  expect(asked).toMatchObject([[expect.any(String), { dryRun: true, source: 'etsy', until: '2026-11-22T00:00:00.000Z' }]]);
  expect(out).toContain('1  events that say something else now');
  expect(notes).toEqual(['1 would change; without --dry-run they do']);
});

it('says where an object is damaged, and does not end well', async () => {
  const { status, out } = await run({}, { counts: { deliveries: 1, same: 1 }, damaged: [{ key: 'raw/2026/11/22/00/w-0', offset: 17, reason: 'body' }] });
  expect([status, out.at(-1)]).toEqual([1, 'damaged  raw/2026/11/22/00/w-0 from byte 17 on (body); what lies before it was read']);
});

it('says how to go on when the stage fails', async () => {
  const { status, notes } = await run({}, { counts: { deliveries: 1 }, next: { hour: '2026/11/22/00' } }, new Error('connect ECONNREFUSED'));
  expect(status).toBe(1);
  expect(notes).toEqual([expect.stringMatching(/^rebuild: is the local cloud running.*\(at 2026\/11\/22\/00\); run this again/)]);
});
