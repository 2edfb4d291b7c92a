import type { Invocation, Log } from '@orderflow/shared/lambda';
import type { Refresh } from '../results/deps.ts';
import { refreshingOf } from '../results/due.ts';
import { replaceRows } from '../results/replace.ts';
import { emergingReasons } from './emerging.ts';
import { reasonCountsSql } from './queries.ts';

export interface Returns extends Refresh {
  readonly log: Log;
}

const columns = ['as_of', 'product_key', 'reason', 'recent', 'expected', 'p', 'q'];

/** Reasons that rise faster than chance, in place of those of before. */
export async function handle(event: unknown, deps: Returns, { requestId }: Pick<Invocation, 'requestId'>): Promise<{ emerging: number }> {
  const { today } = refreshingOf(event);
  const counts = await deps.reader.rows(reasonCountsSql, { today });
  const found = emergingReasons(counts.map((row) => ({
    productKey: String(row['product_key']), reason: String(row['reason']), recent: Number(row['back_recent']), earlier: Number(row['back_earlier']), soldRecent: Number(row['sold_recent']), soldEarlier: Number(row['sold_earlier']),
  })));
  await replaceRows({
    table: 'emerging_reason', columns,
    rows: found.map(({ productKey, reason, recent, expected, p, q }) => ({ as_of: today, product_key: productKey, reason, recent, expected: expected.toFixed(4), p, q })),
  }, requestId, deps);
  deps.log.info('INSIGHTS_MADE', { insight: 'returns', tested: counts.length, found: found.length });
  return { emerging: found.length };
}
