import type { Clock } from '../clock.ts';
import type { InvocationResult } from '../lambda/function.ts';
import type { QueueMessage } from '../storage/front.ts';
import { mappingFrom } from './settings.ts';
import type { RunningMapping } from './running.ts';
import { startSqsMapping, type SqsMappingOptions } from './sqs-mapping.ts';

/** A queue in memory: what is received is hidden until it is deleted or given back. */
class FakeQueue {
  visible: QueueMessage[] = [];
  readonly deleted: string[] = [];
  readonly givenBack: string[] = [];
  #waiting: (() => void)[] = [];
  #made = 0;
  send(...bodies: string[]): void {
    this.visible.push(...bodies.map((body) => {
      const id = `m${(this.#made += 1)}`;
      return { messageId: id, receiptHandle: id, body, attributes: {}, messageAttributes: { kind: { DataType: 'String', StringValue: 'x' } }, md5OfBody: '' };
    }));
    for (const wake of this.#waiting.splice(0)) wake();
  }
  receive = async (_queue: string, { max, waitSeconds, signal }: { max: number; waitSeconds: number; signal?: AbortSignal }): Promise<QueueMessage[]> => {
    if (this.visible.length === 0 && waitSeconds > 0) await new Promise<void>((wake) => {
      this.#waiting.push(wake);
      signal?.addEventListener('abort', () => wake());
    });
    return signal?.aborted ? [] : this.visible.splice(0, max);
  };
  deleteMessages = (_queue: string, receipts: readonly string[]): Promise<void> => Promise.resolve(void this.deleted.push(...receipts));
  changeVisibility = (_queue: string, receipt: string): Promise<void> => Promise.resolve(void this.givenBack.push(receipt));
}

const ok: InvocationResult = { requestId: 'r', payload: 'null', durationMs: 1 };
let queue: FakeQueue;
let running: RunningMapping | undefined;
let now: number;
/** Time stands still but for `pass`. */
let timers: { at: number; act: () => void }[];
const clock: Clock = {
  now: () => now,
  after(ms, act) {
    const timer = { at: now + ms, act };
    timers.push(timer);
    return () => (timers = timers.filter((one) => one !== timer));
  },
};
const turn = () => new Promise((done) => setImmediate(done));
async function pass(ms: number): Promise<void> {
  now += ms;
  for (const due of timers.filter((one) => one.at <= now)) {
    timers = timers.filter((one) => one !== due);
    due.act();
  }
  for (let i = 0; i < 50; i += 1) await turn();
}
let invoked: { ids: string[]; bodies: string[]; end: (result: InvocationResult) => void; fail: (error: Error) => void }[];
let reports: string[];

beforeEach(() => {
  [queue, running, now, timers, invoked, reports] = [new FakeQueue(), undefined, 1e12, [], [], []];
});
afterEach(async () => {
  const stopped = running?.stop();
  for (const { end } of invoked) end(ok);
  await stopped;
});

function start(settings: object = {}, more: Partial<SqsMappingOptions> = {}): RunningMapping {
  const arn = 'arn:aws:sqs:eu-west-1:000000000000:q';
  return (running = startSqsMapping(mappingFrom('u', 'f', 'arn:f', { EventSourceArn: arn, ...settings }), {
    clock, region: 'eu-west-1', storage: queue, roleOf: () => '', metric: () => undefined, report: (_mapping, result) => void reports.push(result),
    invoke: (_name, payload) => new Promise((end, fail) => {
      const { Records } = JSON.parse(payload) as { Records: { messageId: string; body: string; messageAttributes: object }[] };
      for (const record of Records) expect(record.messageAttributes).toEqual({ kind: { stringValue: 'x', stringListValues: [], binaryListValues: [], dataType: 'String' } });
      invoked.push({ ids: Records.map((one) => one.messageId), bodies: Records.map((one) => one.body), end, fail });
    }),
    ...more,
  }));
}

test('takes five batches at a time, more while there are messages, never more than the maximum concurrency', async () => {
  start({ BatchSize: 1, ScalingConfig: { MaximumConcurrency: 12 } });
  queue.send(...Array.from({ length: 40 }, (_, i) => String(i)));
  await pass(0);
  expect(invoked).toHaveLength(5);
  await pass(1000);
  expect(invoked).toHaveLength(10);
  for (let i = 0; i < 5; i += 1) await pass(1000);
  expect(invoked).toHaveLength(12);
  for (const { end } of invoked.slice(0, 3)) end(ok);
  await pass(0);
  expect(invoked).toHaveLength(15);
  expect(queue.deleted).toEqual(['m1', 'm2', 'm3']);
});

test('takes no more while invocations wait for the function', async () => {
  start({ BatchSize: 1 }, { saturated: () => true });
  queue.send(...Array.from({ length: 20 }, (_, i) => String(i)));
  for (let i = 0; i < 4; i += 1) await pass(1000);
  expect(invoked).toHaveLength(5);
});

test('deletes what succeeded and what the filter leaves out; the failed stay', async () => {
  start({ FunctionResponseTypes: ['ReportBatchItemFailures'], FilterCriteria: { Filters: [{ Pattern: '{"body":{"n":[{"numeric":["<",3]}]}}' }] } });
  queue.send('{"n":1}', '{"n":2}', '{"n":3}', 'text');
  await pass(0);
  expect(invoked[0]!.bodies).toEqual(['{"n":1}', '{"n":2}']);
  expect(queue.deleted).toEqual(['m3', 'm4']);
  invoked[0]!.end({ ...ok, payload: '{"batchItemFailures":[{"itemIdentifier":"m2"}]}' });
  await pass(0);
  expect(queue.deleted).toEqual(['m3', 'm4', 'm1']);
  expect(running!.activity().records).toBe(0);
});

test('nothing is deleted when the function fails, is not reached, or names an unknown message', async () => {
  start({ BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] });
  queue.send('a', 'b', 'c');
  await pass(0);
  invoked[0]!.end({ ...ok, functionError: 'Unhandled' });
  invoked[1]!.fail(new Error('Rate Exceeded.'));
  invoked[2]!.end({ ...ok, payload: '{"batchItemFailures":[{"itemIdentifier":"other"}]}' });
  await pass(0);
  expect(queue.deleted).toEqual([]);
  expect([...reports].sort()).toEqual(['OK', 'PROBLEM: Function call failed', 'PROBLEM: Rate Exceeded.']);
});

test('gathers for the length of the window, up to the batch size; a flush ends it', async () => {
  start({ BatchSize: 20, MaximumBatchingWindowInSeconds: 300 });
  queue.send('a');
  await pass(0);
  queue.send('b', 'c');
  await pass(1000);
  expect(invoked).toEqual([]);
  expect(running!.activity().records).toBe(3);
  running!.flush();
  await pass(0);
  expect(invoked.map(({ bodies }) => bodies)).toEqual([['a', 'b', 'c']]);
});

test('splits what is larger than an invocation payload', async () => {
  start({ BatchSize: 100, MaximumBatchingWindowInSeconds: 10 });
  queue.send(...Array.from({ length: 9 }, () => 'x'.repeat(1_000_000)));
  await pass(0);
  running!.flush();
  await pass(0);
  expect(invoked.map(({ ids }) => ids.length)).toEqual([6]);
  invoked[0]!.end(ok);
  await pass(0);
  expect(invoked.map(({ ids }) => ids.length)).toEqual([6, 3]);
});

test('after a stop it takes no message; what a receive still brings goes back at once', async () => {
  let bring = (_messages: QueueMessage[]): void => undefined;
  const late = new Promise<QueueMessage[]>((resolve) => (bring = resolve));
  start({}, { storage: { receive: () => late, deleteMessages: queue.deleteMessages, changeVisibility: queue.changeVisibility } });
  await pass(0);
  const stopped = running!.stop();
  queue.send('a');
  bring(queue.visible.splice(0));
  await stopped;
  expect(invoked).toEqual([]);
  expect(queue.givenBack).toEqual(['m1']);
});
