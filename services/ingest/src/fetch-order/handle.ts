import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Invocation } from '@orderflow/shared/lambda';
import { noticeIn } from '../intake/notice-queues.ts';
import { fetchNotice } from './fetch-notice.ts';
import { backoff, pauseAfterWait, type Standing } from './outcome.ts';
import type { FetchDeps, NoticeEvent } from './ports.ts';

/** A notice may take a token and four calls of 20 seconds each: no other is begun with less time left. */
const spareMs = 100_000;

const standingOf = ({ attributes }: SQSRecord, now: number): Standing => ({
  receives: Number(attributes.ApproximateReceiveCount), ageMs: now - Number(attributes.SentTimestamp),
});

const errorOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/** The notice in a message; a message that holds none goes to quarantine, since no retry would change it. */
async function readNotice({ body, messageId }: SQSRecord, deps: FetchDeps): Promise<NoticeEvent | undefined> {
  try {
    return noticeIn(body);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'it cannot be read';
    await deps.unfetched.put({ code: 'no-notice', message, path: undefined, body: Buffer.from(body), origin: `message ${messageId}` });
    deps.meter.count('fetchGivenUp');
    deps.log.error('FETCH_GIVEN_UP', { messageId, reason: 'no-notice' });
    return undefined;
  }
}

/**
 * Notices of one queue, one after the other: as many are fetched at once as the queue's maximum concurrency says. The
 * answer names those that must come again; when, is told to the queue, else its visibility timeout decides
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
 */
export async function handle({ Records }: SQSEvent, deps: FetchDeps, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  /** Until when an account's vendor wants no call, milliseconds since 1970. */
  const waits = new Map<string, number>();

  const again = async (record: SQSRecord, seconds: number, reason: string): Promise<void> => {
    failed.push(record.messageId);
    deps.meter.count('fetchLater');
    deps.log.warn('FETCH_LATER', { messageId: record.messageId, seconds, reason });
    // without it the message comes again after the queue's visibility timeout
    await deps.queue.hide(record.eventSourceARN, record.receiptHandle, seconds).catch(() => undefined);
  };

  const one = async (record: SQSRecord): Promise<void> => {
    const notice = await readNotice(record, deps);
    if (!notice) return;
    const standing = standingOf(record, deps.clock());
    const waitSeconds = Math.ceil(((waits.get(notice.source) ?? 0) - deps.clock()) / 1_000);
    if (waitSeconds > 0) return again(record, pauseAfterWait(waitSeconds, standing.receives), 'wait');
    const fetched = await fetchNotice(notice, standing, deps);
    if (fetched.then === 'done') return;
    if (!fetched.wait) return again(record, fetched.seconds, 'absent');
    waits.set(notice.source, deps.clock() + fetched.seconds * 1_000);
    await again(record, pauseAfterWait(fetched.seconds, standing.receives), 'wait');
  };

  for (const record of Records) {
    if (remainingMs() < spareMs) {
      await again(record, 0, 'time');
      continue;
    }
    try {
      await one(record);
    } catch (error) {
      await again(record, backoff(standingOf(record, 0).receives), errorOf(error));
    }
  }
  // Lambda stops the process after the answer: what is not on S3 by then might never be
  await deps.archive.flush();
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
