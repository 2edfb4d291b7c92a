import type { InvocationResult } from '../lambda/function.ts';
import type { StreamRecord } from '../kinesis/streams.ts';
import type { DiscardedBatch } from './discarded.ts';
import { kinesisEvent, type EventOrigin } from './kinesis-event.ts';
import type { MappingDefinition } from './mapping.ts';
import { streamOutcome } from './outcome.ts';
import { pause } from './pause.ts';
import { isPermanent, type StreamPorts } from './ports.ts';

/** Records that go to the function together. A part of a batch keeps the count of what was tried with it. */
interface Work {
  readonly records: readonly StreamRecord[];
  /** Failed invocations that count towards the retry quota: those that did not end in a split. */
  readonly failures: number;
}

export interface BatchOptions extends StreamPorts {
  readonly mapping: MappingDefinition;
  readonly shardId: string;
  readonly signal: AbortSignal;
  /** How long the stream keeps a record. */
  readonly retentionMs: () => number;
  readonly done: (records: readonly StreamRecord[]) => void;
}

/**
 * Brings one batch to its end: done, or handed to the destination. Returns early, leaving records unfinished, only when stopped.
 *
 * A failed invocation splits the batch in two if the mapping bisects, which spends no retry; a partial failure cuts it before the
 * lowest failed record. What the function was not invoked for (throttling) is tried until the records are too old.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html and services-kinesis-batchfailurereporting.html
 */
export async function processBatch(batch: readonly StreamRecord[], options: BatchOptions): Promise<void> {
  const { mapping, clock, signal, done } = options;
  const work: Work[] = [{ records: batch, failures: 0 }];
  let waits = 0;

  for (let next = work.shift(); next && !signal.aborted; next = work.shift()) {
    const { expired, fresh } = byAge(next.records, options);
    if (expired.length > 0) await giveUp(expired, 'RecordAgeExceeded', next.failures, undefined, options);
    if (fresh.length === 0) continue;

    const result = await invoke(fresh, options);
    if (stopped(signal) && (!result || result.functionError)) return;
    const outcome = result && streamOutcome(result, fresh.map((record) => record.sequenceNumber), mapping.reportsItemFailures);
    if (outcome?.kind === 'success') {
      done(fresh);
      waits = 0;
      continue;
    }
    const { failures } = next;
    if (!outcome) {
      work.unshift({ records: fresh, failures });
    } else if (outcome.kind === 'partial') {
      done(fresh.slice(0, outcome.from));
      waits = 0;
      work.unshift({ records: fresh.slice(outcome.from), failures: failures + Number(!mapping.bisect) });
    } else if (mapping.bisect && fresh.length > 1) {
      const half = Math.ceil(fresh.length / 2);
      work.unshift(...[fresh.slice(0, half), fresh.slice(half)].map((records) => ({ records, failures })));
    } else {
      work.unshift({ records: fresh, failures: failures + 1 });
    }
    const retry = work[0];
    if (retry && mapping.maximumRetryAttempts >= 0 && retry.failures > mapping.maximumRetryAttempts) {
      work.shift();
      await giveUp(retry.records, 'RetryAttemptsExhausted', retry.failures, result, options);
      waits = 0;
      continue;
    }
    await pause(clock, backoff(options, waits), signal);
    waits += 1;
  }
}

/** Asked anew after an await, which type narrowing does not see. */
const stopped = (signal: AbortSignal): boolean => signal.aborted;

const backoff = (options: BatchOptions, waits: number): number => Math.min(options.backoffMaxMs, options.backoffMs * 2 ** Math.min(waits, 16));

const originOf = (options: BatchOptions): EventOrigin => ({ mapping: options.mapping, role: options.roleOf(options.mapping.functionName), region: options.region, shardId: options.shardId });

/** Records come in order of arrival: the first that is young enough ends those that are not. */
function byAge(records: readonly StreamRecord[], { mapping, clock, retentionMs }: BatchOptions): { expired: readonly StreamRecord[]; fresh: readonly StreamRecord[] } {
  const limit = mapping.maximumRecordAgeSeconds < 0 ? retentionMs() : mapping.maximumRecordAgeSeconds * 1000;
  const first = records.findIndex((record) => record.arrivedAt >= clock.now() - limit);
  return first < 0 ? { expired: records, fresh: [] } : { expired: records.slice(0, first), fresh: records.slice(first) };
}

async function invoke(records: readonly StreamRecord[], options: BatchOptions): Promise<InvocationResult | undefined> {
  const { mapping, clock, metric, report } = options;
  metric(mapping.functionName, 'IteratorAge', Math.max(0, clock.now() - (records.at(-1)?.arrivedAt ?? clock.now())));
  try {
    const result = await options.invoke(mapping.functionName, kinesisEvent(originOf(options), records));
    report(mapping, result.functionError ? 'PROBLEM: Function call failed' : 'OK');
    return result;
  } catch (error) {
    report(mapping, `PROBLEM: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** The records go to the destination and count as done. What says no forever loses them, as on AWS; anything else is tried again. */
async function giveUp(records: readonly StreamRecord[], condition: DiscardedBatch['condition'], invocations: number, result: InvocationResult | undefined, options: BatchOptions): Promise<void> {
  const { mapping, shardId, clock, signal } = options;
  const event = kinesisEvent(originOf(options), records);
  for (let waits = 0; ; waits += 1) {
    try {
      await options.discard(mapping, { shardId, records, condition, invocations, event, at: clock.now(), ...(result ? { result } : {}) });
      break;
    } catch (error) {
      options.metric(mapping.functionName, 'DestinationDeliveryFailures', 1);
      const lost = isPermanent(error);
      process.stderr.write(`local cloud: ${records.length} discarded records of ${mapping.functionName} did not reach ${mapping.onFailure ?? 'a destination'}${lost ? ' and are lost' : ', tried again'}: ${error instanceof Error ? error.message : String(error)}\n`);
      if (lost) break;
    }
    await pause(clock, backoff(options, waits), signal);
    if (signal.aborted) return;
  }
  options.done(records);
}
