import { silentLog, silentMeter, type Meter } from '@orderflow/shared/lambda';
import type { Quarantine, StreamPort } from '@orderflow/shared/stream';
import { packOverflow, unpackOverflow, type OverflowRecord } from '../intake/overflow.ts';
import { memoryStream, noon } from '../testing/memory.ts';
import { handle, type DrainDeps, type OverflowStore } from './handle.ts';

const record = (partitionKey: string, text = partitionKey, stream: OverflowRecord['stream'] = 'events'): OverflowRecord => ({ stream, partitionKey, data: Buffer.from(text) });
/** Lets the thread that packs come back, which fake timers know nothing of. */
const gzipped = (): Promise<unknown> => packOverflow([record('x')]);
const minute = { remainingMs: () => 60_000 };
const nameOf = (second: number, records: number): string => `overflow/2026-11-22T11-59-${String(second).padStart(2, '0')}.000Z-000000-w-${records}.jsonl.gz`;

/** Objects by the second in which they were written. */
async function setUp(objects: Readonly<Record<number, readonly OverflowRecord[] | Uint8Array>>, changes: Partial<DrainDeps> = {}) {
  const held = new Map<string, Uint8Array>();
  for (const [second, what] of Object.entries(objects)) {
    held.set(nameOf(Number(second), what.length), what instanceof Uint8Array ? what : await packOverflow(what));
  }
  const store: OverflowStore = {
    list: async (prefix) => [...held.keys()].filter((key) => key.startsWith(prefix)).sort().map((key) => ({ key, writtenAt: Date.parse(`2026-11-22T11:59:${key.slice(26, 28)}Z`) })),
    get: async (key) => held.get(key),
    replace: async (key, body) => void held.set(key, body),
    remove: async (key) => void held.delete(key),
  };
  const streams = { events: memoryStream(), facts: memoryStream(), notices: memoryStream() };
  const aside: Parameters<Quarantine['put']>[0][] = [];
  const counts: Record<string, number> = {};
  const meter: Meter = { ...silentMeter, count: (name, value = 1) => void (counts[name] = (counts[name] ?? 0) + value) };
  const quarantine: Quarantine = { put: async (entry) => void aside.push(entry) };
  const deps: DrainDeps = { store, streams, quarantine, clock: () => noon, log: silentLog, meter, ...changes };
  const texts = (stream: { taken: { data: Uint8Array }[] } = streams.events): string[] => stream.taken.map(({ data }) => Buffer.from(data).toString());
  return { held, streams, aside, counts, deps, texts };
}

describe('drain-overflow', () => {
  it('brings everything back to its stream, oldest object first and each key in order, and removes it', async () => {
    const { deps, texts, streams, held, counts } = await setUp({
      30: [record('a', 'a3'), record('b', 'b1')], 10: [record('a', 'a1'), record('a', 'a2'), record('p', 'p1', 'facts')],
    });
    expect(await handle({}, deps, minute)).toEqual({ records: 5, left: 0 });
    expect(texts().filter((text) => text.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(texts(streams.facts)).toEqual(['p1']);
    expect(held.size).toBe(0);
    // the depth and age that it found
    expect(counts).toEqual({ overflowObjects: 2, overflowRecords: 5, overflowAgeSeconds: 50, drained: 5 });
    expect(await handle({}, deps, minute)).toEqual({ records: 0, left: 0 });
    expect(counts).toMatchObject({ overflowObjects: 2, overflowAgeSeconds: 50 });
  });

  it('keeps what is not on the stream yet, in its place, asks that stream no more and says why; other streams go on', async () => {
    let refuses = true;
    const taken: string[] = [];
    let calls = 0;
    const events: StreamPort = {
      async put(records) {
        calls++;
        return records.map(({ partitionKey }) => {
          if (refuses && partitionKey === 'b') return { ok: false, code: 'AccessDeniedException' };
          taken.push(partitionKey);
          return { ok: true };
        });
      },
    };
    const { deps, held, texts, streams } = await setUp({
      1: [record('x')], 2: [record('a'), record('b', 'b1'), record('b', 'b2')], 3: [record('c'), record('p', 'p', 'facts')], 4: [record('q', 'q', 'facts')],
    });
    const own = { ...deps, streams: { ...deps.streams, events } };
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    const state = { ended: false };
    const running = handle({}, own, minute).finally(() => (state.ended = true));
    while (!state.ended) {
      await jest.advanceTimersByTimeAsync(100);
      await gzipped();
    }
    jest.useRealTimers();
    expect(await running).toEqual({ records: 4, left: 2, refusing: { events: 'AccessDeniedException' } });
    const waiting = [...held].map(([key, body]) => [key, unpackOverflow(body).map(({ data }) => Buffer.from(data).toString())]);
    expect(waiting).toEqual([[nameOf(2, 3), ['b1', 'b2']], [nameOf(3, 2), ['c']]]);
    expect(texts(streams.facts)).toEqual(['p', 'q']);
    expect(calls).toBeLessThan(12);
    refuses = false;
    expect(await handle({}, own, minute)).toEqual({ records: 3, left: 0 });
    expect(taken).toEqual(['x', 'a', 'b', 'b', 'c']);
    expect(held.size).toBe(0);
  });

  it('puts an object that cannot be read into quarantine, its bytes and the reason, and goes on', async () => {
    const broken = Buffer.from('no gzip at all');
    const { deps, texts, held, aside, counts } = await setUp({ 1: broken, 2: [record('a')] });
    expect(await handle({}, deps, minute)).toEqual({ records: 1, left: 0 });
    expect(aside).toMatchObject([{ code: 'OVERFLOW_UNREADABLE', origin: nameOf(1, broken.length), body: broken }]);
    expect([texts(), held.size, counts['quarantined']]).toEqual([['a'], 0, 1]);
  });

  it('keeps an object that can be put nowhere, and does not let it hold up the others', async () => {
    const { deps, texts, held } = await setUp({ 1: Buffer.from('broken'), 2: [record('a')] });
    const quarantine: Quarantine = { put: () => Promise.reject(new Error('S3 is down')) };
    expect(await handle({}, { ...deps, quarantine }, minute)).toEqual({ records: 1, left: 1 });
    const unreadable = { ...deps.store, get: () => Promise.reject(new Error('no key to decrypt it')) };
    expect(await handle({}, { ...deps, store: unreadable }, minute)).toEqual({ records: 0, left: 1 });
    expect([texts(), [...held.keys()]]).toEqual([['a'], [nameOf(1, 6)]]);
  });

  it('puts a record that no stream takes into quarantine and the rest onto the stream', async () => {
    const { deps, texts, held, aside } = await setUp({ 1: [record('a'), record('k'.repeat(257), 'too long a key'), record('b')] });
    expect(await handle({}, deps, minute)).toMatchObject({ left: 0 });
    expect(aside).toMatchObject([{ code: 'OVERFLOW_POISON', origin: `${nameOf(1, 3)}#1`, body: Buffer.from('too long a key') }]);
    expect([texts(), held.size]).toEqual([['a', 'b'], 0]);
  });

  it('finds the record for which the stream refuses the whole call', async () => {
    const taken: string[] = [];
    const events: StreamPort = {
      async put(records) {
        if (records.some(({ partitionKey }) => partitionKey === 'bad')) throw Object.assign(new Error(), { name: 'ValidationException' });
        taken.push(...records.map(({ partitionKey }) => partitionKey));
        return records.map(() => ({ ok: true }));
      },
    };
    const { deps, aside, held } = await setUp({ 1: [record('a'), record('bad'), record('b')] });
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    const ended = handle({}, { ...deps, streams: { ...deps.streams, events } }, minute);
    await jest.advanceTimersByTimeAsync(60_000);
    jest.useRealTimers();
    expect(await ended).toMatchObject({ left: 0 });
    expect([taken, aside.map(({ message }) => message), held.size]).toEqual([['a', 'b'], ['the stream refuses it: ValidationException'], 0]);
  });

  it('stops in time; two runs at once put some twice and lose nothing', async () => {
    const { deps, texts, held } = await setUp({ 1: [record('a')], 2: [record('b')] });
    let left = 20_000;
    expect(await handle({}, deps, { remainingMs: () => (left -= 4_000) })).toEqual({ records: 1, left: 1 });
    held.set(nameOf(3, 1), await packOverflow([record('c')]));
    await Promise.all([handle({}, deps, minute), handle({}, deps, minute)]);
    expect([new Set(texts()), held.size]).toEqual([new Set(['a', 'b', 'c']), 0]);
  });
});
