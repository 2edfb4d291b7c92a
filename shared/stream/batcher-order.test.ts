import fc from 'fast-check';
import type { BatcherLimits } from './batcher-limits.ts';
import { batcher } from './batcher.ts';
import type { StreamPort, StreamRecord } from './record.ts';

/** What becomes of one call, drawn at random. `lost`: taken, but the answer never arrives. */
type Fate = { readonly how: 'taken' | 'partly' | 'refused' | 'lost'; readonly ms: number; readonly mask: number };

const fate = fc.record({
  how: fc.constantFrom<Fate['how']>('taken', 'taken', 'taken', 'partly', 'refused', 'lost'),
  ms: fc.constantFrom(0, 1, 15, 400, 3_000),
  mask: fc.nat({ max: 255 }),
});
const sending = fc.record({ key: fc.nat({ max: 3 }), after: fc.constantFrom(0, 0, 1, 7, 60, 900) });

/** A destination that keeps to its fates, one a call, then takes everything; `whole`: never in part. */
function fated(fates: readonly Fate[], journal: string[], whole = false): StreamPort {
  let call = 0;
  return {
    async put(records) {
      const { how, ms, mask } = fates[call++] ?? { how: 'taken', ms: 0, mask: 0 };
      if (ms > 0) await new Promise((done) => setTimeout(done, ms));
      const partly = how === 'partly' && !whole;
      if (how === 'refused' || (how === 'partly' && whole)) throw new Error('refused');
      const results = records.map((_, at) => ({ ok: !partly || (mask >> at % 8) % 2 === 1, code: 'InternalFailure' }));
      records.forEach(({ data }, at) => {
        if (results[at]?.ok) journal.push(Buffer.from(data).toString());
      });
      if (how === 'lost') throw new Error('reply lost');
      return results;
    },
  };
}

const breaker = { failures: 3, forMs: 30, probeEveryMs: 500 };
const streamLimits: Partial<BatcherLimits> = { withinMs: 1_200, attempts: 4, firstPauseMs: 20, mostPauseMs: 300, inFlight: 3, records: 4, breaker };
const overflowLimits: Partial<BatcherLimits> = { withinMs: 2_500, attempts: 3, firstPauseMs: 50, mostPauseMs: 500, lingerMs: 20, inFlight: 2, records: 5, repeatKeys: true, breaker };

describe('order of a key', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  it('holds among all that is acknowledged, whatever fails: on the stream, on the way to the overflow, and between them', async () => {
    let acknowledgedInAll = 0;
    let viaOverflow = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(sending, { minLength: 1, maxLength: 40 }), fc.array(fate, { maxLength: 30 }), fc.array(fate, { maxLength: 12 }),
        async (sendings, streamFates, overflowFates) => {
          const journal: string[] = [];
          const overflow = batcher(fated(overflowFates, journal, true), overflowLimits);
          const records = batcher(fated(streamFates, journal), streamLimits, {
            otherwise: (one: StreamRecord) => (viaOverflow++, overflow.write(one)),
          });
          const outcome: ('durable' | 'refused' | undefined)[] = [];
          for (const [n, { key, after }] of sendings.entries()) {
            await jest.advanceTimersByTimeAsync(after);
            void records.write({ partitionKey: `k${key}`, data: Buffer.from(String(n)) }).then(() => (outcome[n] = 'durable'), () => (outcome[n] = 'refused'));
          }
          // each sender has its answer in time
          await jest.advanceTimersByTimeAsync(1_200 + 2_500 + 5);
          expect(sendings.map((_, n) => outcome[n])).not.toContain(undefined);
          for (let key = 0; key <= 3; key++) {
            const acknowledged = sendings.flatMap((one, n) => (one.key === key && outcome[n] === 'durable' ? [n] : []));
            acknowledgedInAll += acknowledged.length;
            const places = acknowledged.map((n) => journal.indexOf(String(n)));
            expect(places).not.toContain(-1);
            expect(places).toEqual([...places].sort((one, other) => one - other));
          }
          await jest.advanceTimersByTimeAsync(10_000);
          await records.drain();
        },
      ),
      { numRuns: 300 },
    );
    // the schedules are neither all hopeless nor all harmless
    expect(acknowledgedInAll).toBeGreaterThan(1_000);
    expect(viaOverflow).toBeGreaterThan(150);
  }, 60_000);
});
