import { inlineLimit, readFact, wholeFact } from '@orderflow/shared/stream';
import { memoryIntake, memoryObjects, memoryStream, noon, signed } from '../testing/memory.ts';
import { s3IntakeQuarantine } from '../intake/quarantine.ts';
import { take } from '../intake/take.ts';
import { handle, type ReplayDeps } from './handle.ts';
import type { QuarantineStore } from './store.ts';

const order = (id: string, total: unknown) => ({
  type: 'order.created',
  data: { order: { id, placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total, payment: { status: 'PAID' }, fulfilment: { status: 'UNFULFILLED' }, lines: [] } },
});

function setUp() {
  const objects = memoryObjects();
  const intake = memoryIntake({ quarantine: s3IntakeQuarantine(objects, 'quarantine') });
  const streams = { events: memoryStream(), facts: memoryStream() };
  const store: QuarantineStore = {
    async *entries() {
      for (const [key, body] of [...objects.held]) {
        if (key.startsWith('quarantine/index/')) yield { key: key.slice(11), entry: JSON.parse(Buffer.from(body).toString('utf8')) as unknown };
      }
    },
    raw: (key) => objects.get('quarantine', key),
    remove: async (key) => void objects.held.delete(`quarantine/${key}`),
  };
  const deps: ReplayDeps = { accounts: intake.accounts, sink: intake.sink, clock: () => noon, log: intake.log, store, streams, objects, pointerBucket: 'archive' };
  return { objects, intake, deps, streams, entries: () => [...objects.held.keys()].filter((key) => key.includes('/index/')) };
}

/** Lays an entry of a consumer into quarantine, as shared/stream does. */
const consumerEntry = (objects: ReturnType<typeof memoryObjects>, id: string, body: string): void => {
  objects.held.set(`quarantine/raw/2026-11-22/${id}`, Buffer.from(body));
  objects.held.set(`quarantine/index/2026-11-22/${id}.json`, Buffer.from(JSON.stringify({ id, code: 'RECORD_POISON', origin: 'shard:1', rawKey: `raw/2026-11-22/${id}` })));
};

describe('replay', () => {
  it('leaves what is still unreadable, says why, and takes nothing twice', async () => {
    const { intake, deps, entries } = setUp();
    await take(signed('canonical', JSON.stringify([order('1', 0), order('2', '0')]), { 'webhook-id': 'm' }), intake);
    expect(intake.events).toHaveLength(1);
    const result = await handle({}, deps);
    expect(result.entries).toMatchObject([{ code: 'schema', outcome: 'unreadable', message: expect.stringContaining('$[1].data.order.total') }]);
    expect(intake.events).toHaveLength(1);
    expect(entries()).toHaveLength(1);
  });

  it('takes what can be read now under the id it had, and removes the entry only then', async () => {
    const { intake, deps, objects, entries } = setUp();
    await take(signed('canonical', JSON.stringify([order('1', 0), order('2', '0')]), { 'webhook-id': 'm' }), intake);
    // the reader learned to read it since: stand in for that by mending the bytes
    for (const [key, body] of objects.held) {
      if (key.includes('/raw/')) objects.held.set(key, Buffer.from(Buffer.from(body).toString('utf8').replace('"total":"0"', '"total":0')));
    }
    const [id] = entries().map((key) => key.split('/').at(-1)?.replace('.json', ''));
    expect((await handle({ dryRun: true }, deps)).entries).toMatchObject([{ id, outcome: 'taken' }]);
    expect([intake.events.length, entries().length]).toEqual([1, 1]);
    expect((await handle({ id: 'another' }, deps)).entries).toEqual([]);
    expect((await handle({ id: id ?? '' }, deps)).entries).toMatchObject([{ id, outcome: 'taken' }]);
    expect(intake.events.map((event) => event.id)).toContain(id);
    expect([intake.events.length, entries().length]).toEqual([2, 0]);
  });

  it('puts a consumer’s record back on its stream when it can be read', async () => {
    const { intake, deps, objects, streams } = setUp();
    await take(signed('canonical', JSON.stringify(order('1', 0)), { 'webhook-id': 'm' }), intake);
    consumerEntry(objects, 'good', JSON.stringify(intake.events[0]));
    consumerEntry(objects, 'bad', 'nonsense');
    expect((await handle({}, deps)).entries.map(({ id, outcome }) => [id, outcome])).toEqual([['good', 'taken'], ['bad', 'unreadable']]);
    expect(streams.events.taken.map(({ partitionKey }) => partitionKey)).toEqual(['canonical:default:1']);
  });

  it('puts rows that the warehouse refused on the stream of facts, large ones beside their record', async () => {
    const { deps, objects, streams } = setUp();
    const restored = (id: string, rows: number) => ({
      fact: 'rows.restored', source: 'canonical', account: 'default', key: `canonical:default:${id}`, sequence: '0'.repeat(20), partitionkey: `canonical:default:${id}`, recordedAt: '2026-11-22T11:00:00Z', events: [],
      payload: { of: 'order.settled', rows: { order_product: Array.from({ length: rows }, (_, at) => ({ order_key: id, line_id: String(at), name: 'x'.repeat(200) })) } },
    });
    const [small, large] = [restored('1', 1), restored('2', 4_000)];
    consumerEntry(objects, 'small', JSON.stringify(small));
    consumerEntry(objects, 'large', JSON.stringify(large));
    await handle({ dryRun: true }, deps);
    expect([streams.facts.taken, [...objects.held.keys()].filter((key) => key.startsWith('archive/'))]).toEqual([[], []]);
    expect((await handle({}, deps)).entries.map(({ id, outcome }) => [id, outcome])).toEqual([['small', 'taken'], ['large', 'taken']]);
    expect(streams.facts.taken.map(({ partitionKey }) => partitionKey)).toEqual(['canonical:default:1', 'canonical:default:2']);
    expect(Math.max(...streams.facts.taken.map(({ data }) => data.byteLength))).toBeLessThan(inlineLimit);
    const read = await Promise.all(streams.facts.taken.map(({ data }) => wholeFact(readFact(data), objects)));
    expect(read).toEqual([small, large]);
  });
});
