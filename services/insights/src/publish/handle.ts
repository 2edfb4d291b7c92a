import type { Clock, Invocation, Log } from '@orderflow/shared/lambda';
import * as z from 'zod/mini';
import { tokenOf, transact, type Results } from '../results/replace.ts';

export interface Publish extends Pick<Results, 'warehouse'> {
  readonly clock: Clock;
  readonly log: Log;
}

/** What each branch says: `failed` where its insight could not be made after all retries. */
const input = z.object({ run: z.string(), today: z.string(), startedAt: z.string(), days: z.number(), insights: z.array(z.object({ insight: z.string(), failed: z.optional(z.unknown()) })) });

const time = (iso: string): string => new Date(iso).toISOString().slice(0, 19).replace('T', ' ');

/**
 * Ends a refresh: from here on answers carry its tag. What could not be made keeps the figures of before and is named; the
 * execution then fails, so that somebody is told.
 */
export async function handle(event: unknown, { warehouse, clock, log }: Publish, { requestId }: Pick<Invocation, 'requestId'>): Promise<{ failed: string }> {
  const { run, today, startedAt, days, insights } = z.parse(input, event);
  const failed = insights.filter((one) => one.failed !== undefined).map(({ insight }) => insight).join(' ');
  await transact(warehouse, [
    'DELETE FROM insight_run WHERE run_id = :run OR finished_at < DATEADD(day, -90, CAST(:finished AS TIMESTAMP))',
    "INSERT INTO insight_run (run_id, as_of, started_at, finished_at, days, failed) SELECT :run, CAST(:today AS DATE), CAST(:started AS TIMESTAMP), CAST(:finished AS TIMESTAMP), CAST(:days AS INTEGER), CASE WHEN :failed = '-' THEN '' ELSE :failed END",
  ], { run, today, started: time(startedAt), finished: time(new Date(clock()).toISOString()), days: String(days), failed: failed === '' ? '-' : failed.slice(0, 256) }, tokenOf(requestId, 'publish'));
  log.info('INSIGHTS_PUBLISHED', { run, days, failed });
  return { failed };
}
