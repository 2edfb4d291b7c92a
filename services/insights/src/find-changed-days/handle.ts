import type { WarehouseReader } from '@orderflow/shared/aws';
import type { Clock, Invocation, Log } from '@orderflow/shared/lambda';
import * as z from 'zod/mini';
import { tokenOf, transact, type Results } from '../results/replace.ts';
import { allSinceStatements, findStatements, queuedDays, spansOf } from '../sums/changed-days.ts';
import type { Period } from '../sums/periods.ts';

export interface FindChangedDays extends Pick<Results, 'warehouse'> {
  readonly reader: WarehouseReader;
  readonly clock: Clock;
  readonly log: Log;
}

const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day: 2026-01-31'));
const input = z.object({ run: z.string().check(z.minLength(1), z.maxLength(128)), input: z.optional(z.nullable(z.object({ since: z.optional(day), asOf: z.optional(day) }))) });

/** The day of the last refresh, if it made everything, and what this one has found. */
const lastRun = "SELECT (SELECT TO_CHAR(MAX(as_of), 'YYYY-MM-DD') FROM insight_run WHERE failed = '' AND finished_at = (SELECT MAX(finished_at) FROM insight_run)) AS day, (SELECT COUNT(*) FROM summed_batch WHERE run_id = :run) AS loads, (SELECT COUNT(*) FROM summed_batch) AS loads_ever";

/** Which days refresh-insights has to sum anew: those that were touched; with `since` all from that day on. `due`: there is something to do. With `asOf` all is made as of that day, as if later ones had not come. */
export async function handle(event: unknown, { warehouse, reader, clock, log }: FindChangedDays, { requestId }: Pick<Invocation, 'requestId'>): Promise<{ run: string; today: string; days: number; spans: readonly Period[]; due: boolean }> {
  const { run: execution, input: asked } = z.parse(input, event);
  // an execution's name may be longer than a run's column
  const run = execution.length <= 64 ? execution : tokenOf(execution);
  await transact(warehouse, findStatements, { run }, tokenOf(requestId, 'find'));
  if (asked?.since !== undefined) await transact(warehouse, allSinceStatements, { run, since: asked.since }, tokenOf(requestId, 'since'));
  const days = (await reader.rows(queuedDays, { run })).map((row) => String(row['day']));
  const spans = spansOf(days);
  const today = asked?.asOf ?? new Date(clock()).toISOString().slice(0, 10);
  const [last] = await reader.rows(lastRun, { run });
  log.info('DAYS_CHANGED', { run, days: days.length, spans: spans.length });
  // a new day changes trailing periods, ages and forecasts although nothing was loaded; rates and names touch no day
  const newDay = last?.['day'] !== today && Number(last?.['loads_ever']) > 0;
  return { run, today, days: days.length, spans, due: days.length > 0 || Number(last?.['loads']) > 0 || newDay };
}
