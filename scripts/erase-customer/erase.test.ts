import { erase } from './erase.ts';
import { parseOptions, type EraseOptions } from './options.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const options = (...args: string[]): EraseOptions => {
  const read = parseOptions(args, now);
  if (typeof read === 'string') throw new Error(read);
  return read;
};
type Asked = Record<string, unknown> & { readonly step: string };

/** A stage that holds two deliveries of the customer and one landed file; `left` and `busy` say what goes wrong. */
async function run(args: readonly string[], { left = [], busy = 0, fails }: { left?: { table: string; rows: number }[]; busy?: number; fails?: string } = {}) {
  const asked: (Asked & { readonly name: string })[] = [];
  const out: string[] = [];
  const notes: string[] = [];
  let pauses = 0;
  let blanked = false;
  let stillBusy = busy;
  const answerTo = ({ step, day }: Asked): object => {
    const there = day === '2026/11/22' && !blanked;
    switch (step) {
      case 'find': return day === undefined ? { orders: ['s:a:1'], returns: ['s:a:r1'], words: ['x@shop.example'], since: '2026-11-21T08:00:00Z' }
        : { deliveries: there ? 2 : 0, others: 0, orders: there ? ['s:a:1', 's:a:2'] : [], payments: there ? ['stripe pi_1'] : [] };
      case 'blank': return { deliveries: there ? 2 : 0, others: there ? 1 : 0, orders: [], payments: [] };
      case 'quarantine': blanked = true; return { deliveries: 1, others: 0, orders: [], payments: [] };
      case 'in-flight': return { redacted: 1, busy: stillBusy-- > 0 ? ['s:a:2'] : [] };
      case 'landed': return { files: day === '2026-11-22' ? 1 : 0, waiting: 0 };
      case 'left': return { tables: left };
      default: return {};
    }
  };
  const send = async ({ input }: { input: { FunctionName: string; Payload: Uint8Array } }) => {
    const payload = JSON.parse(Buffer.from(input.Payload).toString('utf8')) as Asked;
    asked.push({ name: input.FunctionName, ...payload });
    if (payload.step === fails) return { FunctionError: 'Unhandled', Payload: Buffer.from('{"errorMessage":"it broke"}') };
    return { Payload: Buffer.from(JSON.stringify(answerTo(payload))) };
  };
  const status = await erase(options(...args), {
    client: { send } as never, now: () => now, pause: () => Promise.resolve(pauses++), show: () => undefined, out: (line) => void out.push(line), note: (line) => void notes.push(line),
  });
  return { status, asked, out, notes, pauses };
}
const meant = ['--customer', 's:a:c', '--reason', 'asked', '--by', 'me', '--yes'];

it('finds, marks, blanks everywhere, looks once more, and records the end', async () => {
  const { status, asked, out, notes } = await run(meant);
  expect(status).toBe(0);
  const steps = asked.map(({ step }) => step);
  // the keys are in the warehouse before anything else is touched, so that a crash leaves what a second run takes up
  expect(steps.indexOf('begin')).toBeLessThan(Math.min(...['in-flight', 'blank', 'quarantine', 'landed'].map((step) => steps.indexOf(step))));
  expect(steps.at(-1)).toBe('end');
  expect(asked.find(({ step }) => step === 'begin')).toMatchObject({ customer: 's:a:c', orders: ['s:a:1', 's:a:2'], returns: ['s:a:r1'], by: 'me', reason: 'asked' });
  expect(asked.find(({ step }) => step === 'blank')).toMatchObject({ name: 'orderflow-ingest-local-erase-raw', orders: ['s:a:1', 's:a:2'], payments: ['stripe pi_1'], words: ['x@shop.example'] });
  expect(asked.at(-1)).toMatchObject({ inFlight: 1, deliveries: 2, quarantined: 1, landedFiles: 1 });
  expect(out.join('\n')).toContain('blanked: 2 deliveries, 1 landed files, 1 items in flight, 1 entries in quarantine');
  expect(notes).toEqual([expect.stringContaining('1 events of others')]);
});

it('changes nothing in a dry run', async () => {
  const { status, asked, out } = await run(['--customer', 's:a:c', '--dry-run']);
  expect([status, new Set(asked.map(({ step }) => step))]).toEqual([0, new Set(['find'])]);
  expect(out).toEqual(['s:a:c: 2 orders, 1 returns, 2 deliveries from 2026-11-20 on']);
});

it('waits for what is at work, and records no end while something is left', async () => {
  expect(await run(meant, { busy: 3 })).toMatchObject({ status: 0, pauses: 3 });
  const stuck = await run(meant, { busy: 1_000 });
  expect([stuck.status, stuck.asked.some(({ step }) => step === 'end'), stuck.notes.at(-1)]).toEqual([1, false, expect.stringMatching(/workflow is at work.*run it again/)]);
  const left = await run(meant, { left: [{ table: 'orders', rows: 2 }] });
  expect([left.status, left.asked.some(({ step }) => step === 'end'), left.notes.at(-1)]).toEqual([1, false, expect.stringContaining('2 rows of orders')]);
});

it('says what to do when a step fails, and has the same erasure go on', async () => {
  const failed = await run(meant, { fails: 'landed' });
  expect([failed.status, failed.notes]).toEqual([1, [expect.stringMatching(/it broke; run it again/)]]);
  const again = await run(meant);
  const idOf = (asked: readonly Asked[]) => asked.find(({ step }) => step === 'begin')?.['erasure'];
  expect(idOf(again.asked)).toBe(idOf(failed.asked));
});

it.each([
  [[], /name a --customer or an --order/], [['--customer', '7', '--dry-run'], /write source:account:id/], [['--customer', 's:a:c', '--yes'], /--reason is missing/],
  [['--customer', 's:a:c', '--reason', 'x'], /cannot be undone/], [['--order', 's:a:1', '--dry-run', '--from', 'May'], /--from must be a day/], [['--order', 's:a:1', '--dry-run', '--port-base', 'x'], /port number/],
  [['--everyone'], /usage/],
])('refuses %j', (args, message) => expect(parseOptions(args, now)).toMatch(message));
