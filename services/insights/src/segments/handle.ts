import type { Invocation, Log } from '@orderflow/shared/lambda';
import type { Refresh } from '../results/deps.ts';
import { isDue, refreshingOf } from '../results/due.ts';
import { tokenOf, transact } from '../results/replace.ts';
import { segmentsOf } from './rfm.ts';
import { assignmentOf, beginStatements, lastMadeSql, publishStatements, sampleSql } from './statements.ts';

export interface Segments extends Pick<Refresh, 'warehouse' | 'reader'> {
  readonly log: Log;
}

/**
 * Segments of the customers of each currency, found from a sample here and given to every customer in the warehouse, where
 * each was before beside it, and cohorts. All history is read for it, so once a day is enough (`isDue`).
 */
export async function handle(event: unknown, { warehouse, reader, log }: Segments, { requestId }: Pick<Invocation, 'requestId'>): Promise<{ made: boolean }> {
  const refreshing = refreshingOf(event);
  const { today } = refreshing;
  if (!isDue(refreshing, await reader.rows(lastMadeSql))) return { made: false };
  const sample = await reader.rows(sampleSql, { today });
  const byCurrency = Map.groupBy(sample, (row) => String(row['currency']));
  await transact(warehouse, beginStatements, {}, tokenOf(requestId, 'begin'));
  for (const [currency, rows] of byCurrency) {
    const segmentation = segmentsOf(rows.map((row) => ({ recency: Number(row['recency']), orders: Number(row['orders']), value: Number(row['value']) })));
    const { statement, parameters } = assignmentOf(currency, today, segmentation);
    await transact(warehouse, [statement], parameters, tokenOf(requestId, currency));
  }
  await transact(warehouse, publishStatements, { today }, tokenOf(requestId, 'publish'));
  log.info('INSIGHTS_MADE', { insight: 'segments', currencies: byCurrency.size, sampled: sample.length });
  return { made: true };
}
