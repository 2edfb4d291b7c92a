import { findAccount } from '@orderflow/shared/accounts';
import { parseFact } from '@orderflow/shared/facts';
import { follow, inlineLimit, readEvent, type StreamRecord } from '@orderflow/shared/stream';
import { isPointed, type CanonicalEvent } from '@orderflow/shared/events';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { memoryIntake, memoryObjects, memoryStream, noon, signed } from '../testing/memory.ts';
import { handle as drain, type OverflowStore } from '../drain-overflow/handle.ts';
import { overflowPrefix, packOverflow, s3Overflow, unpackOverflow } from './overflow.ts';
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
const account = (() => {
  const found = findAccount(memoryIntake().accounts, 'canonical', 'default');
  if (!found) throw new Error('no account');
  return found;
})();

function setUp(refuse?: (record: StreamRecord) => boolean) {
  const objects = memoryObjects();
  const events = memoryStream(refuse);
  const facts = memoryStream(refuse);
  let ids = 0;
  const overflow = s3Overflow(objects, 'intake', { clock: () => noon, newId: () => String(ids++) }, 1);
  const sink = streamSink({
    events, facts, overflow, objects, pointerBucket: 'archive', lingerMs: 0, patience: 'brief', log: silentLog, meter: silentMeter,
  });
  return { objects, events, facts, sink };
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

  it('resends only what the stream did not take', async () => {
    let refusals = 1;
    const { sink, events } = setUp((record) => record.partitionKey.endsWith(':2') && refusals-- > 0);
    await sink.put(await eventsOf(order('1'), order('2'), order('3')), account);
    expect(events.taken.map(({ partitionKey }) => partitionKey.at(-1)).sort()).toEqual(['1', '2', '3']);
  });

  it('lays data over 200 KB on S3 and sends a pointer', async () => {
    const { sink, events, objects } = setUp();
    const lines = Array.from({ length: 3_000 }, (_, at) => ({ id: String(at), name: 'x'.repeat(60), quantity: 1, unitPrice: '0', total: 0 }));
    const [event] = await eventsOf({ type: 'order.created', data: { order: { ...order('big').data.order, lines } } });
    if (!event) throw new Error('no event');
    await sink.put([event], account);
    const data = events.taken[0]?.data ?? new Uint8Array();
    expect(data.byteLength).toBeLessThan(inlineLimit);
    const read = readEvent(data);
    expect(isPointed(read) && (await follow(read.data, objects))).toEqual(event.data);
  });

  it('overflows to S3 when the stream does not take it; draining brings it back in order', async () => {
    const { sink, events, objects } = setUp(() => true);
    await sink.put(await eventsOf(order('1'), order('2'), product), account);
    expect(events.taken).toEqual([]);
    const keys = [...objects.held.keys()];
    expect(keys.length).toBeGreaterThan(0);
    expect(keys[0]).toMatch(/^intake\/overflow\/2026-11-22T12-00-00\.000Z-\d+\.jsonl\.gz$/);
    const streams = { events: memoryStream(), facts: memoryStream() };
    const store: OverflowStore = {
      list: async (prefix) => [...objects.held.keys()].filter((key) => key.startsWith(`intake/${prefix}`)).map((key) => key.slice(7)),
      get: (key) => objects.get('intake', key),
      remove: async (key) => void objects.held.delete(`intake/${key}`),
    };
    const deps = { store, streams, log: silentLog, meter: silentMeter };
    expect(await drain({}, deps, { remainingMs: () => 60_000 })).toEqual({ drained: 3 });
    expect(streams.events.taken.map(({ partitionKey }) => partitionKey)).toEqual(['canonical:default:1', 'canonical:default:2']);
    expect(streams.facts.taken).toHaveLength(1);
    expect(objects.held.size).toBe(0);
    expect(await drain({}, deps, { remainingMs: () => 60_000 })).toEqual({ drained: 0 });
  }, 20_000);

  it('says so when neither stream nor overflow takes it', async () => {
    const { sink, objects } = setUp(() => true);
    objects.put = () => Promise.reject(new Error('S3 is down'));
    await expect(sink.put(await eventsOf(order('1')), account)).rejects.toBeInstanceOf(NothingDurable);
  }, 20_000);

  it('packs records so that they come back byte for byte', () => {
    const records = [['events', { partitionKey: 'k:é', data: Buffer.from([0, 255, 10]) }], ['facts', { partitionKey: 'j', data: Buffer.from('{}') }]] as const;
    expect(unpackOverflow(packOverflow(records))).toEqual(records);
    expect(overflowPrefix).toBe('overflow/');
  });
});
