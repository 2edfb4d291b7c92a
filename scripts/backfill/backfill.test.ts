import { backfill, parseOptions, shareOf, type BackfillOptions, type Progress } from './backfill.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const options = (...args: string[]): BackfillOptions => {
  const read = parseOptions(args, now);
  if (typeof read === 'string') throw new Error(read);
  return read;
};
const at = (outcome: Progress['outcome'], readTo: string, more: Partial<Progress> = {}): Progress =>
  ({ outcome, from: '2026-11-02T12:00:00.000Z', readTo, counts: { pages: 1, items: 2, events: 3, rejected: 0 }, ...more });

async function run(...answers: (Progress | Error | { readonly FunctionError: string; readonly errorMessage: string })[]) {
  const shown: [number, string][] = [];
  const notes: string[] = [];
  const pauses: number[] = [];
  const asked: unknown[] = [];
  const send = async (command: { readonly input: { readonly FunctionName: string; readonly Payload: Uint8Array } }) => {
    asked.push([command.input.FunctionName, JSON.parse(Buffer.from(command.input.Payload).toString('utf8'))]);
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    if (answer instanceof Error) throw answer;
    return { Payload: Buffer.from(JSON.stringify(answer)), ...(answer && 'FunctionError' in answer && { FunctionError: answer.FunctionError }) };
  };
  const status = await backfill(options('--source', 'etsy', '--from', '2026-11-02T12:00:00Z'), {
    client: { send } as never, now: () => now, pause: async (ms) => void pauses.push(ms), show: (share, text) => void shown.push([share, text]), note: (line) => void notes.push(line),
  });
  return { status, shown, notes, pauses, asked };
}

it('asks the stage part by part, shows how far it is, and ends when the present is reached', async () => {
  const { status, shown, notes, asked } = await run(at('continued', '2026-11-12T12:00:00.000Z'), at('polled', '2026-11-22T12:00:00.000Z'));
  expect(status).toBe(0);
  expect(asked).toEqual(Array(2).fill(['orderflow-ingest-local-poll-source', { backfill: { source: 'etsy', account: 'default', from: '2026-11-02T12:00:00.000Z' } }]));
  expect(shown.map(([share]) => share)).toEqual([0.5, 1]);
  expect(notes).toEqual([expect.stringContaining('etsy:default is read from 2026-11-02T12:00:00.000Z to now: 2 items, 3 events')]);
});

it('waits when the vendor asks it to, or fails, and gives up in the end', async () => {
  const waited = await run(at('waiting', '2026-11-02T12:00:00.000Z', { dueAt: '2026-11-22T12:00:40.000Z' }), at('polled', '2026-11-22T12:00:00.000Z'));
  expect([waited.status, waited.pauses]).toEqual([0, [40_000]]);
  const failed = await run(at('failed', '2026-11-05T12:00:00.000Z', { lastError: 'http-502', dueAt: '2026-11-22T13:00:00.000Z' }));
  expect([failed.status, failed.pauses.length, failed.notes.at(-1)]).toEqual([1, 9, expect.stringContaining('http-502')]);
});

it.each([
  ['the vendor refuses', at('refused', '2026-11-05T12:00:00.000Z', { lastError: 'credential' }), /mend the credential/],
  ['the function fails', { FunctionError: 'Unhandled', errorMessage: 'shopify:default is no configured account of a source that is polled' }, /is no configured account/],
  ['nothing runs', new Error('connect ECONNREFUSED'), /npm start/],
])('says what to do when %s', async (_, answer, message) => {
  const { status, notes } = await run(answer);
  expect([status, notes.at(-1)]).toEqual([1, expect.stringMatching(message)]);
});

it.each([
  [['--from', '2026-11-01'], /--source is missing/],
  [['--source', 'etsy'], /--from must be a day/],
  [['--source', 'etsy', '--from', 'last week'], /--from must be a day/],
  [['--source', 'etsy', '--from', '2027-01-01'], /in the past/],
  [['--source', 'etsy', '--from', '2026-11-01', '--port-base', 'x'], /port number/],
  [['--since', '1'], /usage/],
])('refuses %j', (args, message) => expect(parseOptions(args, now)).toMatch(message));

it('speaks to the local cloud of its port base, and to AWS for other stages', () => {
  expect(options('--source', 'etsy', '--from', '2026-11-01', '--port-base', '5000')).toMatchObject({ from: '2026-11-01T00:00:00.000Z', client: { endpoint: 'http://127.0.0.1:5566' } });
  expect(options('--source', 'etsy', '--from', '2026-11-01', '--stage', 'dev').client).toEqual({});
});

it('knows no share below nothing or above everything', () => {
  expect([shareOf(at('continued', '2026-10-01T00:00:00Z'), now), shareOf(at('continued', '2027-01-01T00:00:00Z'), now)]).toEqual([0, 1]);
});
