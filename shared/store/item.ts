import type { OrderGroups, RefundAccount } from '@orderflow/shared/domain';
import type { EventType } from '@orderflow/shared/events';

/** Services that keep items in the table; each reprocesses its own. */
export const inFlightServices = ['orders', 'returns', 'updates'] as const;
export type InFlightService = (typeof inFlightServices)[number];

/**
 * RECEIVED: claimed, its execution is (to be) started. PARKED: waits for its order, its payment or a person.
 * DONE: the workflow has ended, the load is not yet read back. FORGOTTEN: tombstone, no personal data.
 */
export const itemStates = ['RECEIVED', 'PARKED', 'DONE', 'FORGOTTEN'] as const;
export type ItemState = (typeof itemStates)[number];

export const parkReasons = [
  'payment-pending', 'payment-failed', 'payment-overdue', 'order-unknown', 'payment-unknown', 'review',
] as const;
export type ParkReason = (typeof parkReasons)[number];

/** Number of shards of the due index, so that no partition of it grows hot. */
export const dueShards = 8;

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** Sort keys. The partition key is always the event's own partition key. */
export const orderSk = 'ORDER';
export const updateSk = (semanticKey: string): string => `UPDATE#${semanticKey}`;
export const returnSk = (returnId: string): string => `RETURN#${returnId}`;
export const sentSk = (transition: string): string => `SENT#${transition}`;
export const paymentSk = 'PAYMENT';
export const claimKey = (eventId: string): ItemKey => ({ pk: `CLAIM#${eventId}`, sk: 'CLAIM' });

/** What an item remembers of its event's envelope; enough to write its fact. */
export interface ItemEvent {
  readonly id: string;
  readonly type: EventType;
  /** Partition key of the event. */
  readonly key: string;
  readonly source: string;
  readonly account: string;
  readonly sequence: string;
  /** Hash of canonical `data`, 64 hex digits. */
  readonly hash: string;
  readonly time: string;
  readonly recordedAt: string;
  readonly rawref?: string;
}

/** Why and since when an item waits. `since` is of the first parking: the park limit counts from there. */
export interface Parking {
  readonly reason: ParkReason;
  readonly since: string;
}

/** One order, update or return in flight, or its tombstone (then `data` and `progress` are absent). */
export interface InFlightItem<D = unknown> extends ItemKey {
  readonly service: InFlightService;
  readonly state: ItemState;
  readonly event: ItemEvent;
  /** Canonical `data` of the event. Personal: never in a log, a name or a workflow's input. */
  readonly data?: D;
  /** What the workflow has found out so far; small, JSON. */
  readonly progress?: Readonly<Record<string, unknown>>;
  /** Counts loads: a fact names the version it was made from, and only that one is forgotten. */
  readonly version: number;
  /** Counts writes: the optimistic lock. */
  readonly revision: number;
  /** Number of the execution that owns the item, from 1; a write of an older execution is refused. */
  readonly attempt: number;
  readonly test?: boolean;
  readonly historical?: boolean;
  readonly receivedAt: string;
  readonly dueAt?: string;
  readonly parked?: Parking;
  readonly loadedVersion?: number;
  /** Orders only. */
  readonly groups?: OrderGroups;
  /** Orders only. */
  readonly refunds?: RefundAccount;
}

export const sentOutcomes = ['sent', 'unknown', 'skipped'] as const;
export type SentOutcome = (typeof sentOutcomes)[number];

/** Guard of one mail or staff notice. Without an outcome it was claimed, and what became of it is not known. */
export interface SentGuard {
  readonly transition: string;
  readonly at: string;
  /** Execution that claimed it. */
  readonly by: string;
  readonly outcome?: SentOutcome;
  readonly messageId?: string;
}

/** Everything of one partition, from one Query. */
export interface Partition {
  readonly order?: InFlightItem;
  /** Updates and returns, tombstones included. */
  readonly others: readonly InFlightItem[];
  readonly sent: readonly SentGuard[];
  /** In the partition of a payment: the order it belongs to. */
  readonly paymentOf?: string;
}
