import { memoryStream } from '@orderflow/shared/testing';
import { batcher } from './batcher.ts';
import { mostBytes, mostRecords } from './kinesis.ts';
import { NotWritten, sizeOf, type PutResult, type StreamPort, type StreamRecord } from './record.ts';

const record = (partitionKey: string, text = 'x'): StreamRecord => ({ partitionKey, data: Buffer.from(text) });
const quick = { attempts: 4, firstPauseMs: 0, mostPauseMs: 0 };
const ok = (records: readonly StreamRecord[]): PutResult[] => records.map(() => ({ ok: true }));

describe('batching', () => {
  it('gathers callers into one call and answers each', async () => {
    const stream = memoryStream();
    const many = batcher(stream, { lingerMs: 1 });
    await Promise.all(Array.from({ length: 50 }, (_, at) => many.write(record(`k${at}`))));
    expect(stream.taken).toHaveLength(50);
    expect(stream.calls()).toBe(1);
  });

  it('keeps the quotas of a call, bytes of the keys included, and a key in it once', async () => {
    const calls: (readonly StreamRecord[])[] = [];
    const many = batcher({ put: async (records) => ok((calls.push(records), records)) }, { lingerMs: 0, waitingBytes: 1e9 });
    const key = 'é'.repeat(120);
    await Promise.all(Array.from({ length: 1_200 }, (_, at) => many.write({ partitionKey: `${key}${at % 900}`, data: new Uint8Array(at % 3 === 0 ? 40_000 : 10) })));
    expect(calls.flat()).toHaveLength(1_200);
    for (const call of calls) {
      expect(call.length).toBeLessThanOrEqual(mostRecords);
      expect(call.reduce((sum, one) => sum + sizeOf(one), 0)).toBeLessThanOrEqual(mostBytes);
      expect(new Set(call.map(({ partitionKey }) => partitionKey)).size).toBe(call.length);
    }
    expect(sizeOf({ partitionKey: 'é', data: new Uint8Array(3) })).toBe(5);
  });

  it('fills calls to 500 records and has several under way', async () => {
    const sizes: number[] = [];
    let under = 0;
    let most = 0;
    const many = batcher({
      async put(records) {
        sizes.push(records.length);
        most = Math.max(most, ++under);
        await new Promise(setImmediate);
        under--;
        return ok(records);
      },
    }, { lingerMs: 0, inFlight: 3 });
    await Promise.all(Array.from({ length: 2_200 }, (_, at) => many.write(record(`k${at}`))));
    expect(sizes).toEqual([500, 500, 500, 500, 200]);
    expect(most).toBe(3);
  });

  it('lets a lone record go at once and gathers what comes right after it', async () => {
    const stream = memoryStream();
    const many = batcher(stream, { lingerMs: 200 });
    const startedAt = performance.now();
    await many.write(record('a'));
    expect(performance.now() - startedAt).toBeLessThan(150);
    await Promise.all([many.write(record('b')), many.write(record('c'))]);
    expect(performance.now() - startedAt).toBeGreaterThan(190);
    expect(stream.calls()).toBe(2);
  });

  it('fails only the callers whose record was not taken', async () => {
    const stream = memoryStream((one) => (one.partitionKey === 'bad' ? 'InternalFailure' : undefined));
    const many = batcher(stream, { lingerMs: 1, ...quick });
    const settled = await Promise.allSettled([many.write(record('good')), many.write(record('bad')), many.write(record('bad', 'its follower'))]);
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(stream.taken).toHaveLength(1);
  });

  it('refuses at once what memory has no room for', async () => {
    const stream = memoryStream();
    const many = batcher(stream, { waitingBytes: 10 });
    const [first, second] = [many.write(record('a', '12345')), many.write(record('b', '1234567'))];
    await expect(second).rejects.toMatchObject({ code: 'Full' });
    await first;
    await many.write(record('c', '123456789'));
  });

  it('drains', async () => {
    const stream = memoryStream();
    const many = batcher(stream, { lingerMs: 60_000 });
    await many.write(record('a'));
    const written = many.write(record('b'));
    await many.drain();
    await written;
    expect(stream.taken).toHaveLength(2);
    await many.drain();
  });
});

describe('a stream that does not answer', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  const outcomes = (writes: readonly Promise<void>[]): string[] => {
    const seen = writes.map(() => 'waits');
    writes.forEach((write, at) => void write.then(() => (seen[at] = 'durable'), (error: unknown) => (seen[at] = error instanceof NotWritten ? error.code : 'unknown')));
    return seen;
  };

  it('keeps nobody waiting longer than its limit, and what it took too late harms nothing', async () => {
    const answer = Promise.withResolvers<readonly PutResult[]>();
    const many = batcher({ put: () => answer.promise }, { withinMs: 1_200 });
    const seen = outcomes([many.write(record('a')), many.write(record('a', '2')), many.write(record('b'))]);
    await jest.advanceTimersByTimeAsync(1_199);
    expect(seen).toEqual(['waits', 'waits', 'waits']);
    await jest.advanceTimersByTimeAsync(3);
    expect(seen).toEqual(['TooSlow', 'TooSlow', 'TooSlow']);
    answer.resolve([{ ok: true }, { ok: true }]);
    await jest.advanceTimersByTimeAsync(1);
    await many.drain();
  });

  /** A stream that can be taken down: errors at once, or hangs for a second. */
  function shaky() {
    const state = { down: undefined as 'refuses' | 'hangs' | undefined, calls: 0, taken: 0 };
    const port: StreamPort = {
      async put(records) {
        state.calls++;
        if (state.down === 'hangs') await new Promise((done) => setTimeout(done, 1_000));
        if (state.down) throw Object.assign(new Error(), { name: 'InternalFailure' });
        state.taken += records.length;
        return ok(records);
      },
    };
    return { state, port };
  }
  const breaker = { failures: 5, forMs: 250, probeEveryMs: 1_000 };

  it.each(['refuses', 'hangs'] as const)('a minute under load costs each sender little when it %s, and nothing is lost', async (how) => {
    const { state, port } = shaky();
    const changes: boolean[] = [];
    let elsewhere = 0;
    const many = batcher(port, { withinMs: 1_200, attempts: 5, firstPauseMs: 20, mostPauseMs: 300, inFlight: 6, breaker }, {
      otherwise: async () => {
        elsewhere++;
      },
      changed: (down) => changes.push(down),
    });
    const waits: number[] = [];
    let sent = 0;
    const load = setInterval(() => {
      for (let n = 0; n < 20; n++) {
        const startedAt = performance.now();
        void many.write(record(`k${sent++}`)).then(() => waits.push(performance.now() - startedAt));
      }
    }, 10);
    await jest.advanceTimersByTimeAsync(1_000);
    state.down = how;
    state.calls = 0;
    await jest.advanceTimersByTimeAsync(60_000);
    const callsWhileDown = state.calls;
    state.down = undefined;
    await jest.advanceTimersByTimeAsync(3_000);
    clearInterval(load);
    await jest.advanceTimersByTimeAsync(2_000);

    expect(waits).toHaveLength(sent);
    expect(state.taken + elsewhere).toBe(sent);
    expect(changes).toEqual([true, false]);
    // a probe a second, and some attempts before it was noticed
    expect(callsWhileDown).toBeLessThan(120);
    waits.sort((one, other) => one - other);
    expect(waits.at(-1)).toBeLessThanOrEqual(1_202);
    expect(waits[Math.floor(waits.length * 0.97)]).toBeLessThan(10);
  });

  it('is tried by one call at a time while it is down, once a second, and has all records again when it is back', async () => {
    const { state, port } = shaky();
    const many = batcher(port, { withinMs: 1_200, ...quick, attempts: 9, breaker: { ...breaker, forMs: 0 } });
    state.down = 'refuses';
    const lost = outcomes([many.write(record('a'))]);
    await jest.advanceTimersByTimeAsync(100);
    expect(lost).toEqual(['InternalFailure']);
    const calls = state.calls;
    outcomes([many.write(record('b')), many.write(record('c'))]);
    await jest.advanceTimersByTimeAsync(800);
    expect(state.calls).toBe(calls);
    await jest.advanceTimersByTimeAsync(200);
    outcomes([many.write(record('d')), many.write(record('e'))]);
    await jest.advanceTimersByTimeAsync(10);
    expect(state.calls).toBe(calls + 1);
    state.down = undefined;
    await jest.advanceTimersByTimeAsync(1_000);
    const probe = outcomes([many.write(record('f')), many.write(record('g'))]);
    await jest.advanceTimersByTimeAsync(10);
    expect(probe).toEqual(['durable', 'durable']);
    const after = outcomes([many.write(record('h')), many.write(record('i'))]);
    await jest.advanceTimersByTimeAsync(10);
    expect(after).toEqual(['durable', 'durable']);
  });

  it('lets those who have nowhere else to go wait for the one that tries it', async () => {
    const { state, port } = shaky();
    const many = batcher(port, { withinMs: 2_500, ...quick, attempts: 9, breaker: { ...breaker, forMs: 0 } });
    state.down = 'refuses';
    outcomes([many.write(record('a'))]);
    await jest.advanceTimersByTimeAsync(3_600_000);
    state.down = undefined;
    const after = outcomes(['b', 'c', 'd'].map((key) => many.write(record(key))));
    await jest.advanceTimersByTimeAsync(10);
    expect(after).toEqual(['durable', 'durable', 'durable']);

    state.down = 'refuses';
    outcomes(['e', 'f', 'g', 'h', 'i', 'j'].map((key) => many.write(record(key))));
    await jest.advanceTimersByTimeAsync(100);
    await jest.advanceTimersByTimeAsync(1_000);
    state.down = 'hangs';
    const { calls } = state;
    const both = outcomes([many.write(record('k'))]);
    await jest.advanceTimersByTimeAsync(5);
    both.push(...outcomes([many.write(record('l'))]));
    const later = outcomes([many.write(record('m'))]);
    await jest.advanceTimersByTimeAsync(900);
    expect([state.calls, later]).toEqual([calls + 1, ['waits']]);
    await jest.advanceTimersByTimeAsync(200);
    expect([state.calls, later]).toEqual([calls + 1, ['Down']]);
  });
});
