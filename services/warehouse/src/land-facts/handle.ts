import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { Fact } from '@orderflow/shared/facts';
import type { Clock, Log } from '@orderflow/shared/lambda';
import { consume, readFact, wholeFact, type ObjectPort, type Quarantine } from '@orderflow/shared/stream';
import { landFacts } from '../landed/land.ts';
import type { StagingBucket } from '../landed/staging.ts';

export interface LandFacts {
  readonly staging: StagingBucket;
  /** Where payloads over 200 KB lie. */
  readonly objects: ObjectPort;
  readonly quarantine: Quarantine;
  /** Starts load-facts without waiting; the schedule is the safety net. */
  wakeLoader(): Promise<void>;
  readonly log: Log;
  readonly clock: Clock;
}

/** `<shard>-<first sequence number>-<last>`: the same batch delivered again lands under the same name. */
const nameOf = ({ Records: records }: KinesisStreamEvent): string => {
  const shard = records[0]?.eventID.split(':')[0] ?? 'none';
  return `${shard}-${records[0]?.kinesis.sequenceNumber ?? 0}-${records.at(-1)?.kinesis.sequenceNumber ?? 0}`;
};

/**
 * One Kinesis batch of facts → one file per table on S3 and a pointer for the loader. What cannot be read goes to
 * quarantine and the rest lands; where S3 fails the whole batch is delivered again, and loading twice changes nothing.
 */
export async function handle(event: KinesisStreamEvent, deps: LandFacts): Promise<KinesisStreamBatchResponse> {
  const { log, quarantine, staging, objects, clock } = deps;
  const facts: Fact[] = [];
  const answer = await consume(event, {
    parse: readFact,
    async handle(fact) {
      facts.push(await wholeFact(fact, objects));
    },
    quarantine, log,
  });
  if (facts.length === 0) return answer;
  const name = nameOf(event);
  try {
    const { rows, events } = await landFacts(staging, name, facts, clock());
    log.info('FACTS_LANDED', { batch: name, facts: facts.length, rows, events });
  } catch (error) {
    log.warn('RECORD_RETRIED', { batch: name, error: error instanceof Error ? error.name : 'unknown' });
    return { batchItemFailures: [{ itemIdentifier: event.Records[0]?.kinesis.sequenceNumber ?? '' }] };
  }
  await deps.wakeLoader().catch((error: unknown) => log.warn('LOAD_FAILED', { reason: 'wake', error: error instanceof Error ? error.name : 'unknown' }));
  return answer;
}
