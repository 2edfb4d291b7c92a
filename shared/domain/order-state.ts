import { dataHash, type FulfilmentStatus, type Order, type OrderStatus, type PaymentStatus } from '@orderflow/shared/events';
import { rankOf } from './transitions.ts';

/** Version of one column group: the sequence of the change that set it, and its hash for ties. */
export interface GroupVersion {
  readonly sequence: string;
  /** First 16 hex digits of the hash of the group's content. */
  readonly hash: string;
}
export interface StatusVersion<S extends string> extends GroupVersion {
  readonly value: S;
  /** When the source says it happened. */
  readonly at: string;
}

/** State of an order without personal data: what its tombstone keeps, so that late updates are still judged rightly. */
export interface OrderGroups {
  readonly status: StatusVersion<OrderStatus>;
  readonly payment: StatusVersion<PaymentStatus>;
  readonly fulfilment: StatusVersion<FulfilmentStatus>;
  readonly address?: GroupVersion;
  readonly lines?: GroupVersion;
  /** Everything else: totals, customer, store, position, comment. */
  readonly header?: GroupVersion;
  /** True once the payment attempts are used up and no payment has come. */
  readonly overdue?: boolean;
}

export const statusGroups = ['status', 'payment', 'fulfilment'] as const;
export type StatusGroup = (typeof statusGroups)[number];
export const contentGroups = ['address', 'lines', 'header'] as const;
export type ContentGroup = (typeof contentGroups)[number];

/** Name of a status group in the transition table and in the warehouse's status history. */
export const tableOf = { status: 'order', payment: 'payment', fulfilment: 'fulfilment' } as const;

/** What is not known has no version: anything known replaces it, and it replaces nothing. */
export const neverSequence = '0'.repeat(20);

const shortHash = (content: unknown): string => dataHash(content).slice(0, 16);

export const statusVersion = <S extends string>(value: S, at: string, sequence: string, content: unknown): StatusVersion<S> => ({
  value,
  at,
  sequence: value === 'UNKNOWN' ? neverSequence : sequence,
  hash: shortHash(content),
});

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Negative, 0, positive as `a` is older than, the same as, newer than `b`: sequence, then later state, then hash. */
export const compareStatus = <S extends string>(group: StatusGroup, a: StatusVersion<S>, b: StatusVersion<S>): number =>
  compare(a.sequence, b.sequence) || rankOf(tableOf[group], a.value) - rankOf(tableOf[group], b.value) || compare(a.hash, b.hash);

export const compareContent = (a: GroupVersion, b: GroupVersion): number => compare(a.sequence, b.sequence) || compare(a.hash, b.hash);

/** The parts of an order by column group. */
export function partsOf(order: Order): Record<ContentGroup, unknown> {
  const { lines, payment, fulfilment, status, customer, ...rest } = order;
  const { address, ...person } = customer ?? {};
  return { address, lines, header: { ...rest, customer: person } };
}

/** Groups of an order as one snapshot of it says. `at` is when the snapshot was true. */
export function groupsOf(order: Order, sequence: string, at: string): OrderGroups {
  const parts = partsOf(order);
  const version = (content: unknown): GroupVersion => ({ sequence, hash: shortHash(content) });
  return {
    status: statusVersion(order.status, at, sequence, order.status),
    payment: statusVersion(order.payment.status, at, sequence, order.payment),
    fulfilment: statusVersion(order.fulfilment.status, at, sequence, order.fulfilment),
    ...(parts.address === undefined ? {} : { address: version(parts.address) }),
    lines: version(parts.lines),
    header: version(parts.header),
  };
}

/** Payment statuses in which an order still waits for its money. */
export const isUnpaid = (payment: PaymentStatus): boolean => payment === 'PENDING' || payment === 'FAILED' || payment === 'UNKNOWN';

const newer = <V extends GroupVersion>(a: V | undefined, b: V | undefined, order: (a: V, b: V) => number): V | undefined =>
  a === undefined ? b : b === undefined ? a : order(a, b) >= 0 ? a : b;

/** Two views of one order → the newer of each group; commutative, associative, idempotent. */
export function mergeGroups(a: OrderGroups, b: OrderGroups): OrderGroups {
  const status = <S extends string>(group: StatusGroup, one: StatusVersion<S>, other: StatusVersion<S>): StatusVersion<S> =>
    compareStatus(group, one, other) >= 0 ? one : other;
  const payment = status('payment', a.payment, b.payment);
  const content = Object.fromEntries(
    contentGroups.flatMap((group) => {
      const version = newer(a[group], b[group], compareContent);
      return version ? [[group, version]] : [];
    }),
  );
  return {
    status: status('status', a.status, b.status),
    payment,
    fulfilment: status('fulfilment', a.fulfilment, b.fulfilment),
    ...content,
    ...((a.overdue || b.overdue) && isUnpaid(payment.value) ? { overdue: true } : {}),
  };
}
