import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { Documents } from '../documents.ts';
import { openJournal } from '../journal.ts';
import { createEngine } from './engine.ts';
import type { ExecutionRow } from './store.ts';

/** A thousand times as fast: pauses between tries are milliseconds. */
const began = Date.now();
const clock: Clock = {
  now: () => began + (Date.now() - began) * 1_000,
  after(ms, act) {
    const timer = setTimeout(act, Math.max(0, ms) / 1_000);
    return () => clearTimeout(timer);
  },
};

/** The committed definition with an ARN for each function that it names. */
const definition = readFileSync('state-machines/refresh-insights.asl.json', 'utf8')
  .replaceAll(/\{\s*"Fn::GetAtt":\s*\[\s*"(\w+)LambdaFunction",\s*"Arn"\s*\]\s*\}/g, (_, name: string) => `"arn:aws:lambda:eu-west-1:000000000000:function:${name.replaceAll('Dash', '-').toLowerCase()}"`);

/** Runs it once; functions that throw fail in every try. */
async function run(functions: Readonly<Record<string, (input: Record<string, unknown>) => unknown>>, input: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'refresh-'));
  const [journal, documents] = [openJournal(join(folder, 'compute.sqlite')), new Documents(join(folder, 'documents.sqlite'))];
  const calls: [string, Record<string, unknown>][] = [];
  let end: (row: ExecutionRow) => void = () => undefined;
  const ended = new Promise<ExecutionRow>((resolve) => (end = resolve));
  const engine = createEngine({
    journal, clock, region: 'eu-west-1', accountId: '000000000000', machines: documents.collection('state-machine'), actsAs: () => undefined,
    ports: {
      invoke(arn, payload) {
        const name = arn.split(':').pop() ?? '';
        const given = JSON.parse(payload) as Record<string, unknown>;
        calls.push([name, given]);
        try {
          return Promise.resolve({ payload: JSON.stringify(functions[name]?.(given) ?? {}), requestId: 'r' });
        } catch (error) {
          return Promise.resolve({ payload: JSON.stringify({ errorType: (error as Error).name, errorMessage: (error as Error).message }), functionError: 'Unhandled', requestId: 'r' });
        }
      },
      call: () => Promise.reject(new Error('no service is called')),
    },
    onStatus: (row) => {
      if (row.status !== 'RUNNING') end(row);
    },
  });
  try {
    engine.define({ name: 'm', roleArn: 'role', definition });
    await engine.start({ stateMachineArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:m', name: 'hour', input: JSON.stringify(input) });
    return { ...(await ended), calls, names: calls.map(([name]) => name) };
  } finally {
    engine.close();
    journal.close();
    documents.close();
    rmSync(folder, { recursive: true });
  }
}

const spans = [{ from: '2026-11-01', to: '2026-11-03' }, { from: '2026-11-20', to: '2026-11-21' }];
const found = { run: 'hour', today: '2026-11-22', days: 3, spans, due: true };
const publish = ({ insights }: Record<string, unknown>) => ({ failed: (insights as { insight: string; failed?: string }[]).filter((one) => one.failed !== undefined).map((one) => one.insight).join(' ') });
const insights = ['forecast', 'products', 'segments', 'returns', 'geography', 'kpis'];

it('sums span by span, then makes every insight, then publishes', async () => {
  const { status, calls, names } = await run({ 'find-changed-days': () => found, publish }, { since: '2026-11-01' });
  expect(status).toBe('SUCCEEDED');
  expect(names.slice(0, 3)).toEqual(['find-changed-days', 'sum-days', 'sum-days']);
  expect(names.slice(3, -1).sort()).toEqual([...insights].sort());
  expect(names.at(-1)).toBe('publish');
  expect(calls[0]?.[1]).toEqual({ run: 'hour', input: { since: '2026-11-01' } });
  expect(calls.slice(1, 3).map(([, given]) => given)).toEqual(spans.map((span) => ({ run: 'hour', ...span })));
  expect(calls[3]?.[1]).toEqual({ run: 'hour', today: '2026-11-22', days: 3 });
});

it('does nothing where nothing is due, and sums nothing on a new day without changes', async () => {
  expect(await run({ 'find-changed-days': () => ({ ...found, days: 0, spans: [], due: false }) })).toMatchObject({ status: 'SUCCEEDED', names: ['find-changed-days'] });
  const { status, names } = await run({ 'find-changed-days': () => ({ ...found, days: 0, spans: [] }), publish });
  expect([status, names.includes('sum-days'), names.includes('forecast'), names.at(-1)]).toEqual(['SUCCEEDED', false, true, 'publish']);
});

it('publishes the others where one insight cannot be made, and then fails by its name', async () => {
  const { status, names, calls, cause } = await run({ 'find-changed-days': () => found, publish, segments: () => { throw new TypeError('no'); } });
  expect([status, cause]).toEqual(['FAILED', 'segments']);
  expect(names.filter((name) => name === 'segments')).toHaveLength(5);
  expect(calls.at(-1)?.[1]['insights']).toEqual(insights.map((insight) => (insight === 'segments' ? { insight, failed: 'TypeError' } : { insight })));
});

it('makes nothing of sums that are half done', async () => {
  const { status, names } = await run({ 'find-changed-days': () => found, 'sum-days': () => { throw new Error('collision'); } });
  expect([status, names.includes('forecast'), names.includes('publish')]).toEqual(['FAILED', false, false]);
});
