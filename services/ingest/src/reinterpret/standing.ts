import type { RefundStatus } from '@orderflow/shared/domain';
import type { DecisionBy, DecisionOutcome, HistoryGroup } from './words.ts';

/** What the warehouse knows of an event. */
export interface KnownEvent {
  readonly hash: string;
  /** Type of the fact that settled it, and key of its entity. */
  readonly fact: string;
  readonly factKey: string;
  /** Partition key of the event, as it was read then. */
  readonly eventKey: string;
  /** Why it has no row of its own, and what it repeats. */
  readonly absorbed?: string;
  readonly original?: string;
  readonly test: boolean;
  /** When intake took the delivery that stood; UTC ISO 8601, milliseconds. */
  readonly recordedAt: string;
}

export interface StandingStep {
  readonly group: HistoryGroup;
  readonly status: string;
  readonly sequence: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Statuses of an order as they stand, with the source's sequence that they are of. */
export interface StandingOrder {
  readonly groups: Readonly<Record<HistoryGroup, { readonly status: string; readonly sequence: string } | undefined>>;
  readonly overdue: boolean;
  readonly historical: boolean;
  readonly steps: readonly StandingStep[];
}

/** A return as it was decided; amounts are decimal texts in the currency's own unit. */
export interface StandingReturn {
  readonly outcome: DecisionOutcome;
  readonly by: DecisionBy;
  readonly at: string;
  readonly refund: RefundStatus;
  readonly amount?: string;
  readonly fee?: string;
  readonly currency?: string;
  readonly reasonCategory?: string;
  readonly historical: boolean;
}

/** What stands in the warehouse; what is not there is not in the map. */
export interface Standing {
  events(ids: readonly string[]): Promise<ReadonlyMap<string, KnownEvent>>;
  orders(keys: readonly string[]): Promise<ReadonlyMap<string, StandingOrder>>;
  returns(keys: readonly string[]): Promise<ReadonlyMap<string, StandingReturn>>;
  /** Those of these adjustments that are marked as history. */
  historicalAdjustments(keys: readonly string[]): Promise<ReadonlySet<string>>;
}
