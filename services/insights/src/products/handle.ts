import type { Invocation } from '@orderflow/shared/lambda';
import { refreshingOf } from '../results/due.ts';
import { tokenOf, transact, type Results } from '../results/replace.ts';
import { standingStatements } from './standing.ts';

export interface Products extends Pick<Results, 'warehouse'> {
  /** Days from an order to the supplier until its goods are there. */
  readonly leadDays: number;
}

/** Class, trend, stock and last day to order of every product, in place of those of before; reckoned by the warehouse itself. */
export async function handle(event: unknown, { warehouse, leadDays }: Products, { requestId }: Pick<Invocation, 'requestId'>): Promise<void> {
  const { today } = refreshingOf(event);
  await transact(warehouse, standingStatements, { today, lead_days: String(leadDays) }, tokenOf(requestId, 'products'));
}
