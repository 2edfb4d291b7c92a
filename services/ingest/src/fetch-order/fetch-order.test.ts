import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SQSRecord } from 'aws-lambda';
import { bytesHash, eventId } from '@orderflow/shared/events';
import { s3Quarantine } from '@orderflow/shared/stream';
import { messageOf } from '../intake/notice-queues.ts';
import { NothingDurable } from '../intake/ports.ts';
import { take } from '../intake/take.ts';
import { handle as replay } from '../replay/handle.ts';
import { memoryVendor } from '../testing/memory-vendor.ts';
import { memoryIntake, memoryObjects, memoryStream, noon, signed } from '../testing/memory.ts';
import { handle } from './handle.ts';
import { backoff, stepAfter, type Result } from './outcome.ts';
import type { FetchDeps, NoticeEvent } from './ports.ts';

const order = readFileSync(join(__dirname, '../sources/squarespace/fixtures/fetched-new.json'), 'utf8');
const path = (id: string): string => `/1.0/commerce/orders/${id}`;

async function noticeOf(id: string, delivery = `n-${id}`): Promise<NoticeEvent> {
  const intake = memoryIntake();
  await take(signed('squarespace', JSON.stringify({ id: delivery, topic: 'order.create', createdOn: '2026-11-22T11:59+00:00', data: { orderId: id } })), intake);
  return intake.events[0] as NoticeEvent;
}

const arn = 'arn:aws:sqs:eu-west-1:000000000000:orderflow-local-notices-squarespace';
const message = (body: string, at: { receives?: number; ageMs?: number; id?: string } = {}): SQSRecord => ({
  messageId: at.id ?? 'm', receiptHandle: `receipt-${at.id ?? 'm'}`, body, eventSourceARN: arn,
  attributes: { ApproximateReceiveCount: String(at.receives ?? 1), SentTimestamp: String(noon - (at.ageMs ?? 0)) },
} as SQSRecord);

function setUp(changes: Partial<FetchDeps> = {}) {
  const intake = memoryIntake();
  const vendor = memoryVendor(() => noon);
  const objects = memoryObjects();
  const results = new Map<string, Result>();
  const hidden: [string, number][] = [];
  const deps: FetchDeps = {
    ...intake, vendor,
    results: { put: async ({ id }, result) => void results.set(id, result) },
    queue: { hide: async (_queue, receipt, seconds) => void hidden.push([receipt, seconds]) },
    unfetched: s3Quarantine(objects, 'quarantine', () => noon),
    ...changes,
  };
  const entries = () => [...objects.held].filter(([key]) => key.includes('/index/')).map(([, body]) => JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, unknown>);
  const run = (records: readonly SQSRecord[], remainingMs = 100_000) => handle({ Records: [...records] }, deps, { remainingMs: () => remainingMs });
  return { intake, vendor, objects, results, hidden, deps, entries, run };
}
const asMessage = async (id: string, at: Parameters<typeof message>[1] = {}) => message(messageOf(Buffer.from(JSON.stringify(await noticeOf(id)))), { id, ...at });

describe('a thin notice', () => {
  it('becomes the whole order, caused by it; fetched twice, it is the same event', async () => {
    const { run, vendor, intake, results } = setUp();
    const notice = await noticeOf('1');
    vendor.say(path('1'), { body: order });
    expect(await run([await asMessage('1')])).toEqual({ batchItemFailures: [] });
    expect(await run([await asMessage('1')])).toEqual({ batchItemFailures: [] });
    const [first, second] = intake.events;
    expect(first).toMatchObject({ type: 'order.created', causationid: notice.id, id: eventId('squarespace', 'default', bytesHash(order), 0) });
    expect(second).toEqual({ ...first, rawref: expect.any(String) as string });
    expect(intake.archived[0]).toMatchObject({ via: 'fetch', topic: 'order.create', cause: notice.id });
    expect(Object.fromEntries(results)).toEqual({ [notice.id]: 'events' });
  });

  it('of an order that cannot be read leaves the order in quarantine', async () => {
    const { run, vendor, intake, results } = setUp();
    vendor.say(path('1'), { body: '<html>' });
    await run([await asMessage('1')]);
    expect(intake.quarantined).toMatchObject([{ position: 0, body: '<html>' }]);
    expect([...results.values()]).toEqual(['quarantined']);
  });

  it('of an order that is not there yet comes again, for a quarter of an hour, then goes to quarantine with its reason', async () => {
    const { run, hidden, entries, results } = setUp();
    expect(await run([await asMessage('1', { receives: 3, ageMs: 20_000 })])).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect(hidden).toEqual([['receipt-1', 20]]);
    expect(results.size).toBe(0);
    expect(await run([await asMessage('1', { receives: 9, ageMs: 16 * 60_000 })])).toEqual({ batchItemFailures: [] });
    expect(entries()).toMatchObject([{ code: 'absent', origin: 'notice /sources/squarespace/default' }]);
    expect([...results.values()]).toEqual(['quarantined']);
  });

  it('comes again when its vendor says so; the vendor is not asked for the others of that account meanwhile', async () => {
    const { run, vendor, hidden } = setUp();
    vendor.say(path('1'), { status: 429, headers: { 'retry-after': '90' } });
    vendor.say(path('2'), { body: order });
    expect(await run([await asMessage('1'), await asMessage('2')])).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '2' }] });
    expect(hidden).toEqual([['receipt-1', 90], ['receipt-2', 90]]);
    expect(vendor.asked).toHaveLength(1);
  });

  it('does not use up its tries on a vendor that says `a second` again and again', async () => {
    const { run, vendor, hidden } = setUp();
    vendor.say(path('1'), { status: 429, headers: { 'retry-after': '1' } });
    await run([await asMessage('1', { receives: 20 }), await asMessage('2', { receives: 3 })]);
    expect(hidden).toEqual([['receipt-1', 900], ['receipt-2', 20]]);
    expect(vendor.asked).toHaveLength(1);
  });

  it('whose vendor is down comes again, and so do the others, each on its own account', async () => {
    const { run, vendor, hidden, intake } = setUp();
    vendor.say(path('1'), 'reset');
    vendor.say(path('2'), { body: order });
    vendor.say(path('3'), { status: 502 });
    expect(await run([await asMessage('1'), await asMessage('2'), await asMessage('3', { receives: 30 })])).toEqual({
      batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '3' }],
    });
    expect(hidden).toEqual([['receipt-1', 5], ['receipt-3', 900]]);
    expect(intake.events).toHaveLength(1);
  });

  it('that is refused for good goes to quarantine, and from there back into its queue', async () => {
    const { run, vendor, entries, objects, deps } = setUp();
    vendor.say(path('1'), { status: 403 });
    expect(await run([await asMessage('1')])).toEqual({ batchItemFailures: [] });
    expect(entries()).toMatchObject([{ code: 'refused-credential' }]);
    const again = memoryIntake();
    const streams = { events: memoryStream(), facts: memoryStream() };
    const [index] = [...objects.held.keys()].filter((key) => key.includes('/index/'));
    const store = {
      async *entries() { yield { key: index?.slice(11) ?? '', entry: entries()[0] }; },
      raw: (key: string) => objects.get('quarantine', key), remove: async (key: string) => void objects.held.delete(`quarantine/${key}`),
    };
    expect(await replay({}, { accounts: deps.accounts, sink: again.sink, clock: deps.clock, log: deps.log, store, streams, objects, pointerBucket: 'archive' })).toMatchObject({ entries: [{ outcome: 'taken' }] });
    expect(again.events).toEqual([await noticeOf('1')]);
    expect(streams.events.taken).toEqual([]);
    expect(entries()).toEqual([]);
  });

  it('leads nowhere but to its own vendor', async () => {
    const { run, vendor, entries } = setUp();
    await run([await asMessage('..'), await asMessage('../../profiles?x=1#'), await asMessage('a/b')]);
    expect(vendor.asked).toEqual(['squarespace:default /1.0/commerce/orders/..%2F..%2Fprofiles%3Fx%3D1%23', 'squarespace:default /1.0/commerce/orders/a%2Fb']);
    expect(entries()).toMatchObject([{ code: 'id' }]);
  });

  it('comes again when nothing durable can be reached', async () => {
    const sink = { put: () => Promise.reject(new NothingDurable('x')) };
    const { run, vendor, results } = setUp({ sink });
    vendor.say(path('1'), { body: order });
    expect(await run([await asMessage('1')])).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect(results.size).toBe(0);
  });

  it('that nobody can read goes to quarantine as it is', async () => {
    const { run, entries, intake } = setUp();
    expect(await run([message('{"no":"notice"}')])).toEqual({ batchItemFailures: [] });
    expect(entries()).toMatchObject([{ code: 'no-notice', origin: 'message m' }]);
    expect(intake.counts['fetchGivenUp']).toBe(1);
  });

  it('is not begun without the time for it', async () => {
    const { run, vendor, hidden } = setUp();
    expect(await run([await asMessage('1')], 30_000)).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect([vendor.asked, hidden]).toEqual([[], [['receipt-1', 0]]]);
  });

  it('comes again after its queue’s own time when the queue cannot be told', async () => {
    const { run } = setUp({ queue: { hide: () => Promise.reject(new Error('no')) } });
    expect(await run([await asMessage('1')])).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
  });
});

describe('patience', () => {
  it('grows to a quarter of an hour', () => {
    expect([1, 2, 3, 8, 9, 30].map(backoff)).toEqual([5, 10, 20, 640, 900, 900]);
  });

  it('obeys a vendor for two days, and never longer than a queue can hide a message', () => {
    const wait = { status: 'wait', seconds: 43_200 } as const;
    expect(stepAfter(wait, { receives: 1, ageMs: 0 })).toEqual({ then: 'again', seconds: 42_300 });
    expect(stepAfter(wait, { receives: 9, ageMs: 2 * 86_400_000 })).toMatchObject({ then: 'give-up', code: 'waited' });
  });
});
