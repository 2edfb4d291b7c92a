import type { Clock } from '../clock.ts';
import type { InvocationResult } from '../lambda/function.ts';
import type { StreamRecord } from '../kinesis/streams.ts';
import type { DiscardedBatch } from './discarded.ts';
import { kinesisEvent } from './kinesis-event.ts';
import type { MappingDefinition } from './mapping.ts';
import { streamOutcome } from './outcome.ts';

export interface BatchPorts {
  readonly clock: Clock;
  readonly region: string;
  invoke(functionName: string, payload: string): Promise<InvocationResult>;
  roleOf(functionName: string): string;
  discard(mapping: MappingDefinition, batch: DiscardedBatch): Promise<void>;
  /** First wait after a failure, doubled up to `backoffMaxMs`. */
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
}

interface Work { readonly records: readonly StreamRecord[]; readonly attempts: number }

/**
 * Brings one batch to its end: done, or handed to the destination. Returns early, leaving records unfinished, only
 * when stopped. Rules: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html and
 * services-kinesis-batchfailurereporting.html
 */
export async function processBatch(
  mapping: MappingDefinition,
  shardId: string,
  batch: readonly StreamRecord[],
  ports: BatchPorts,
  signal: AbortSignal,
  done: (records: readonly StreamRecord[]) => void,
): Promise<void> {
  const work: Work[] = [{ records: batch, attempts: 0 }];
  let failuresInARow = 0;

  const discard = async (records: readonly StreamRecord[], condition: DiscardedBatch['condition'], invocations: number, result?: InvocationResult): Promise<void> => {
    const event = kinesisEvent(mapping, ports.roleOf(mapping.functionName), ports.region, shardId, records);
    await ports.discard(mapping, { shardId, records, condition, invocations, event, at: ports.clock.now(), ...(result ? { result } : {}) });
    done(records);
  };

  for (let next = work.shift(); next && !signal.aborted; next = work.shift()) {
    const { attempts } = next;
    const limit = mapping.maximumRecordAgeSeconds;
    const oldest = limit < 0 ? -Infinity : ports.clock.now() - limit * 1000;
    const fresh = next.records.findIndex((record) => record.arrivedAt >= oldest);
    const expired = fresh < 0 ? next.records : next.records.slice(0, fresh);
    if (expired.length > 0) await discard(expired, 'RecordAgeExceeded', attempts);
    const records = next.records.slice(expired.length);
    if (records.length === 0) continue;

    let result: InvocationResult | undefined;
    try {
      result = await ports.invoke(mapping.functionName, kinesisEvent(mapping, ports.roleOf(mapping.functionName), ports.region, shardId, records));
    } catch (error) {
      process.stderr.write(`local cloud: mapping of ${mapping.functionName}: ${String(error)}\n`);
    }
    if (stopped(signal) && (!result || result.functionError)) return;
    const outcome = result ? streamOutcome(result, records.map((record) => record.sequenceNumber), mapping.reportsItemFailures) : ({ kind: 'failed' } as const);

    if (outcome.kind === 'success') {
      done(records);
      failuresInARow = 0;
      continue;
    }
    failuresInARow += 1;
    if (outcome.kind === 'partial' && outcome.from > 0) {
      done(records.slice(0, outcome.from));
      failuresInARow = 1;
      // Cut at the returned sequence number: a bisection, which does not consume an attempt.
      work.unshift({ records: records.slice(outcome.from), attempts: mapping.bisect ? 0 : attempts + 1 });
    } else if (outcome.kind === 'failed' && mapping.bisect && records.length > 1) {
      const half = Math.ceil(records.length / 2);
      work.unshift({ records: records.slice(0, half), attempts }, { records: records.slice(half), attempts });
    } else {
      work.unshift({ records, attempts: attempts + 1 });
    }
    const retry = work[0];
    if (retry && mapping.maximumRetryAttempts >= 0 && retry.attempts > mapping.maximumRetryAttempts) {
      work.shift();
      await discard(retry.records, 'RetryAttemptsExhausted', retry.attempts, result);
      continue;
    }
    await pause(ports, Math.min(ports.backoffMaxMs, ports.backoffMs * 2 ** Math.min(failuresInARow - 1, 16)), signal);
  }
}

/** Asked anew after an await, which type narrowing does not see. */
const stopped = (signal: AbortSignal): boolean => signal.aborted;

function pause(ports: BatchPorts, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const stop = (): void => {
      cancel();
      resolve();
    };
    const cancel = ports.clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}
