import { findAccount } from '@orderflow/shared/accounts';
import { parseFact } from '@orderflow/shared/facts';
import { follow, inlineLimit, readEvent, type StreamRecord } from '@orderflow/shared/stream';
import { isPointed, type CanonicalEvent } from '@orderflow/shared/events';
import { silentLog, silentMeter, type Meter } from '@orderflow/shared/lambda';
import { memoryIntake, memoryObjects, memoryStream, noon, signed } from '../testing/memory.ts';
import { overflowPrefix, packOverflow, recordsIn, s3Overflow, unpackOverflow } from './overflow.ts';
import { NothingDurable } from './ports.ts';
import { streamSink } from './sink.ts';
import { take } from './take.ts';

const order = (id: string, comment = '') => ({
  type: 'order.created',
  data: { order: { id, placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total: 0, payment: { status: 'PAID' },
    fulfilment: { status: 'UNFULFILLED' }, lines: [], ...(comment === '' ? {} : { comment }) } },
});
const product = { type: 'catalog.updated', timestamp: '2026-11-22T11:00:00Z', data: { product: { id: 'p', name: 'Mug' } } };

async function eventsOf(...bodies: object[]): Promise<CanonicalEvent[]> {
  const intake = memoryIntake();
  await take(signed('canonical', JSON.stringify(bodies), { 'webhook-id': 'm' }), intake);
  return intake.events;
}

async function noticeEvent(): Promise<CanonicalEvent> {
  const intake = memoryIntake();
  await take(signed('squarespace', JSON.stringify({ id: 'n-1', topic: 'order.create', createdOn: '2026-11-22T11:00+00:00', data: { orderId: 'o-1' } })), intake);
  const [event] = intake.events;
  if (!event) throw new Error('no notice');
  return event;
}

async function largeEvent(): Promise<CanonicalEvent> {
  const lines = Array.from({ length: 3_000 }, (_, at) => ({ id: String(at), name: 'x'.repeat(60), quantity: 1, unitPrice: '0', total: 0 }));
  const [event] = await eventsOf({ type: 'order.created', data: { order: { ...order('big').data.order, lines } } });
  if (!event) throw new Error('no event');
  return event;
}
const account = (() => {
  const found = findAccount(memoryIntake().accounts, 'canonical', 'default');
  if (!found) throw new Error('no account');
  return found;
})();

function setUp(refuse?: (record: StreamRecord) => boolean) {
  const objects = memoryObjects();
  const streams = { events: memoryStream(refuse), facts: memoryStream(refuse), notices: memoryStream(refuse) };
  const counts: Record<string, number> = {};
  const meter: Meter = { ...silentMeter, count: (name, value = 1) => void (counts[name] = (counts[name] ?? 0) + value) };
  const overflow = s3Overflow(objects, 'intake', { clock: () => noon, newId: () => 'writer', log: silentLog, meter });
  const sink = streamSink({ streams, overflow, objects, pointerBucket: 'archive', lingerMs: 0, patience: 'brief', log: silentLog, meter });
  return { objects, ...streams, sink, counts };
}

describe('sink', () => {
  it('puts events and facts on their streams, keyed by partition', async () => {
    const { sink, events, facts } = setUp();
    await sink.put(await eventsOf(order('1'), product), account);
    expect(events.taken.map(({ partitionKey }) => partitionKey)).toEqual(['canonical:default:1']);
    const fact = parseFact(JSON.parse(Buffer.from(facts.taken[0]?.data ?? []).toString('utf8')));
    expect(fact).toMatchObject({
      fact: 'catalog.updated', source: 'canonical', account: 'default', key: 'canonical:default:product:p', payload: { product: { id: 'p' } },
      events: [{ type: 'catalog.updated', key: 'canonical:default:product:p', recordedAt: '2026-11-22T12:00:00.000Z' }],
    });
  });

  it('puts thin notices into their queues and onto no stream; queues that take none are stood in for by the overflow', async () => {
    const { sink, events, facts, notices } = setUp();
    await sink.put([await noticeEvent()], account);
    expect([events.taken.length, facts.taken.length]).toEqual([0, 0]);
    expect(notices.taken).toEqual([{ partitionKey: 'squarespace:default:notice:o-1', data: Buffer.from(JSON.stringify(await noticeEvent())) }]);
    const down = setUp(() => true);
    await down.sink.put([await noticeEvent()], account);
    expect([...down.objects.held.values()].flatMap((body) => unpackOverflow(body))).toEqual([{ stream: 'notices', ...notices.taken[0] }]);
  });

  it('resends only what the stream did not take', async () => {
    let refusals = 1;
    const { sink, events } = setUp((record) => record.partitionKey.endsWith(':2') && refusals-- > 0);
    await sink.put(await eventsOf(order('1'), order('2'), order('3')), account);
    expect(events.taken.map(({ partitionKey }) => partitionKey.at(-1)).sort()).toEqual(['1', '2', '3']);
  });

  it('lays data over 200 KB on S3 and sends a pointer', async () => {
    const { sink, events, objects } = setUp();
    const event = await largeEvent();
    await sink.put([event], account);
    const data = events.taken[0]?.data ?? new Uint8Array();
    expect(data.byteLength).toBeLessThan(inlineLimit);
    const read = readEvent(data);
    expect(isPointed(read) && (await follow(read.data, objects))).toEqual(event.data);
  });

  it('overflows to S3 when the stream does not take it, many records an object, each counted', async () => {
    const { sink, events, objects, counts } = setUp(() => true);
    await sink.put(await eventsOf(order('1'), order('2'), product), account);
    expect(events.taken).toEqual([]);
    const records = [...objects.held.values()].flatMap((body) => unpackOverflow(body));
    expect(records.map(({ stream, partitionKey }) => [stream, partitionKey])).toEqual(expect.arrayContaining([
      ['events', 'canonical:default:1'], ['events', 'canonical:default:2'], ['facts', 'canonical:default:product:p'],
    ]));
    expect(counts).toMatchObject({ overflowed: 3, overflowWrites: objects.held.size });
    for (const key of objects.held.keys()) expect(key).toMatch(/^intake\/overflow\/2026-11-22T12-00-00\.000Z-\d{6}-writer-[123]\.jsonl\.gz$/);
  });

  it('asks a stream that is down no longer: the next events go straight to the overflow', async () => {
    let asked = 0;
    const { sink, objects, counts } = setUp(() => (asked++, true));
    await sink.put(await eventsOf(order('1')), account);
    await new Promise((done) => setTimeout(done, 260));
    await sink.put(await eventsOf(order('2')), account);
    const before = asked;
    await sink.put(await eventsOf(order('3'), order('4')), account);
    expect(asked).toBe(before);
    expect([...objects.held.values()].flatMap((body) => unpackOverflow(body))).toHaveLength(4);
    expect(counts['streamDown']).toBe(1);
  });

  it('says so when neither stream nor overflow takes it', async () => {
    const { sink, objects } = setUp(() => true);
    objects.put = () => Promise.reject(new Error('S3 is down'));
    await expect(sink.put(await eventsOf(order('1')), account)).rejects.toBeInstanceOf(NothingDurable);
  }, 20_000);

  it('says so too when large data can be laid nowhere', async () => {
    const { sink, objects } = setUp();
    objects.put = () => Promise.reject(new Error('S3 is down'));
    await expect(sink.put([await largeEvent()], account)).rejects.toBeInstanceOf(NothingDurable);
  });

  it('packs records so that they come back byte for byte, under a name that sorts by time and says how many', async () => {
    const records = [
      { stream: 'events', partitionKey: 'k:é', data: Buffer.from([0, 255, 10]) },
      { stream: 'facts', partitionKey: 'j', data: Buffer.from('{}') },
    ] as const;
    expect(unpackOverflow(await packOverflow(records))).toEqual(records);
    expect(overflowPrefix).toBe('overflow/');
    expect(recordsIn('overflow/2026-11-22T12-00-00.000Z-000001-writer-812.jsonl.gz')).toBe(812);
  });

  it('names objects in the order of their writing, even if the clock is set back', async () => {
    const objects = memoryObjects();
    let now = noon;
    const overflow = s3Overflow(objects, 'intake', { clock: () => now, newId: () => 'w', log: silentLog, meter: silentMeter }, { lingerMs: 0 });
    for (const step of [0, 10, -5_000, 3]) {
      now += step;
      await overflow.put('events', { partitionKey: 'k', data: Buffer.from(String(step)) });
    }
    const names = [...objects.held.keys()];
    expect(names).toHaveLength(4);
    expect(names).toEqual([...names].sort());
  });
});
