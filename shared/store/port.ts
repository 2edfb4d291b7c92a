import type { OrderGroups, Refund, RefundAccount } from '@orderflow/shared/domain';
import type {
  InFlightItem, InFlightService, ItemEvent, ItemKey, ItemState, Partition, ParkReason, SentGuard, SentOutcome,
} from './item.ts';

/** What an execution must prove to be allowed to write: that it read the item as it is, and still owns it. */
export interface Fence {
  readonly attempt: number;
  readonly revision: number;
}

export interface NewItem<D = unknown> extends ItemKey {
  readonly service: InFlightService;
  readonly event: ItemEvent;
  readonly data: D;
  readonly test?: boolean;
  readonly historical?: boolean;
  /** When the schedule looks at it if its execution was never started. */
  readonly dueAt: string;
  /**
   * Partitions of payment.changed that shall point to this order. Those in which a payment waits already are named in the
   * item's `progress.awaited`: whoever constructs the order wakes what is parked there.
   */
  readonly payments?: readonly string[];
}

/**
 * `received`: new, start attempt 1. `redelivered`: this event, still RECEIVED: start again under the same name (already
 * exists is success). `duplicate`: this event, parked or done: nothing to do. `exists`: another event has made this
 * very item (`sameContent`: with equal data); the claim is not taken: settle it as absorbed, or as an update.
 * `conflict`: this event id with other data: quarantine.
 */
export type ReceiveResult =
  | { readonly outcome: 'received' | 'redelivered'; readonly item: InFlightItem }
  | { readonly outcome: 'duplicate'; readonly item?: InFlightItem }
  | { readonly outcome: 'exists'; readonly item: InFlightItem; readonly sameContent: boolean }
  | { readonly outcome: 'conflict'; readonly claimedHash: string };

/** Fields to replace; what is absent stays. */
export interface Content {
  readonly data?: unknown;
  readonly progress?: Readonly<Record<string, unknown>>;
  readonly groups?: OrderGroups;
  readonly refunds?: RefundAccount;
}

/**
 * `changed`: someone else wrote in between; read `item` and decide again. `lost`: a newer attempt owns the item, or it
 * is DONE or FORGOTTEN (`item`), or gone: stop.
 */
export type WriteResult =
  | { readonly outcome: 'written'; readonly item: InFlightItem }
  | { readonly outcome: 'changed'; readonly item: InFlightItem }
  | { readonly outcome: 'lost'; readonly item?: InFlightItem };

/** Of a transaction, which answers nothing: the item now has the next revision. */
export type TransactionResult = { readonly outcome: 'written' } | Exclude<WriteResult, { readonly outcome: 'written' }>;

/** A change of the writer's own item, made together with that of another. */
export interface OwnChange {
  readonly key: ItemKey;
  readonly fence: Fence;
  readonly content: Content;
}
/** `changed`: the order has moved, or is not there: read it and decide again. `lost`: the own item is somebody else's. */
export type AmendResult = { readonly outcome: 'written' | 'changed' | 'lost' };

/** `taken`: another execution, or an earlier try of this one, holds the guard. */
export type ClaimResult = { readonly outcome: 'claimed' } | { readonly outcome: 'taken'; readonly guard: SentGuard };

export interface SentRecord {
  readonly transition: string;
  readonly outcome: SentOutcome;
  readonly messageId?: string;
}

/** `noted`: not DONE yet, Done will forget. `superseded`: a newer version waits for its own load. */
export type ForgetResult = 'forgotten' | 'already' | 'noted' | 'superseded' | 'unknown';

export interface RefundBooking extends Refund {
  readonly orderKey: string;
}

/** UNSURE: a mail or notice (`SENT#…`) of which nobody knows whether it went out. */
export type DueState = ItemState | 'UNSURE';

/** An entry of the due index, which holds keys only; `get` for more. */
export interface DueItem extends ItemKey {
  readonly service: InFlightService;
  readonly state: DueState;
  readonly dueAt: string;
}
export interface DuePage {
  readonly items: readonly DueItem[];
  /** Give it back to get the next page; absent at the end. */
  readonly next?: string;
}

/**
 * The in-flight table as its users see it: receive first, act after, forget last. Every method is one request of the
 * table unless it says otherwise; times are ISO 8601 UTC. Both implementations pass `contract.ts`.
 */
export interface InFlightStore {
  /** Writes item, claim and payment pointers in one transaction. */
  receive(item: NewItem): Promise<ReceiveResult>;

  get(key: ItemKey): Promise<InFlightItem | undefined>;
  /** One Query: the order, its updates and returns, its guards, or what a payment points to. */
  look(pk: string): Promise<Partition>;

  /** Replaces content of a RECEIVED item by its own execution. */
  save(key: ItemKey, fence: Fence, content: Content): Promise<WriteResult>;
  /** `save` and the guard of one message, in one transaction: both or neither. */
  saveAndClaim(key: ItemKey, fence: Fence, content: Content, claim: { transition: string; by: string }):
  Promise<TransactionResult | { readonly outcome: 'taken'; readonly guard: SentGuard }>;

  /**
   * Applies a change to an order by whoever is not its own execution (an update): groups and refunds also to DONE and
   * to a tombstone; `data` only where it still is. Never brings a forgotten order back to life. With `own`, the item of
   * the change itself remembers in the same transaction what it has brought about.
   */
  amendOrder(orderKey: string, revision: number, content: Content, own?: OwnChange): Promise<AmendResult>;

  /** Parking for `payment-unknown` also marks the payment's partition as waited in, for {@link NewItem.payments}. */
  park(key: ItemKey, fence: Fence, parking: { reason: ParkReason; dueAt: string; content?: Content }): Promise<WriteResult>;
  /**
   * PARKED → RECEIVED with the next attempt and the next version. `lost` where it is not PARKED with this attempt (any
   * more): somebody else has woken it.
   */
  wake(key: ItemKey, wake: { attempt: number; dueAt: string }): Promise<WriteResult>;

  claimSent(pk: string, claim: { transition: string; by: string }): Promise<ClaimResult>;
  /** Gives a guard back after a send that certainly did not happen (throttled, refused). */
  releaseSent(pk: string, claim: { transition: string; by: string }): Promise<void>;
  /** Stores what became of messages; `unknown` ones stand in the due index as UNSURE from now on. */
  recordSent(pk: string, service: InFlightService, records: readonly SentRecord[]): Promise<void>;

  /**
   * The workflow has ended and its fact of `version` is on the way. Records what became of the messages in the same
   * transaction. `forgotten`: the load had been read back already, so the item is a tombstone now.
   */
  done(key: ItemKey, done: { attempt: number; version: number; dueAt: string; sent?: readonly SentRecord[] }):
  Promise<'done' | 'forgotten' | 'lost'>;
  /** The load of `version` has been read back. Forgets if DONE, else notes it for Done. */
  forget(loaded: ItemKey & { version: number }): Promise<ForgetResult>;
  /** Removes an item and its claim, because quarantine holds its event now: a replay is received as new. */
  release(item: InFlightItem): Promise<'released' | 'changed'>;

  /**
   * Stores a decision on a return and books its refund on the order, in one transaction: Σ refunds decided ≤ paid and
   * returned ≤ bought for each line, also on a tombstone. `refused`: the order's account does not allow it. Two
   * requests: the order is read first.
   */
  bookRefund(key: ItemKey, fence: Fence, content: Content, booking: RefundBooking):
  Promise<TransactionResult | { readonly outcome: 'refused'; readonly order?: InFlightItem }>;

  /** Points the partition of a payment at an order (also done by receive). First one stands. */
  pointPayment(paymentPk: string, orderKey: string): Promise<void>;

  /**
   * Replaces the data of an item that nobody is at work on, because its customer is to be forgotten. `busy`: its execution
   * is at work, or somebody was faster: look again.
   */
  redact(key: ItemKey, revision: number, data: unknown): Promise<'redacted' | 'busy'>;

  /**
   * In which state the items of events are, by event id; an event that made no item, or whose item is gone, is absent. Two
   * requests a hundred events, eventually consistent: for looking over, not for deciding.
   */
  statesOf(eventIds: readonly string[]): Promise<ReadonlyMap<string, ItemState>>;

  /** Items of one service, state and shard (0–7) whose due time is not after `until`, oldest first. */
  due(query: { service: InFlightService; state: DueState; shard: number; until: string; limit: number; from?: string }):
  Promise<DuePage>;
}
