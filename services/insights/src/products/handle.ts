import type { Clock, Invocation } from '@orderflow/shared/lambda';
import { tokenOf, transact, type Results } from '../results/replace.ts';
import { standingStatements } from './standing.ts';

export interface Products extends Pick<Results, 'warehouse'> {
  /** Days from an order to the supplier until its goods are there. */
  readonly leadDays: number;
  readonly clock: Clock;
}

/** Class, trend, stock and last day to order of every product, in place of those of before; reckoned by the warehouse itself. */
export async function handle(_: unknown, { warehouse, leadDays, clock }: Products, { requestId }: Pick<Invocation, 'requestId'>): Promise<void> {
  const today = new Date(clock()).toISOString().slice(0, 10);
  await transact(warehouse, standingStatements, { today, lead_days: String(leadDays) }, tokenOf(requestId, 'products'));
}
