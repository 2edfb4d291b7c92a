import {
  fulfilmentStatuses, paymentStatuses, type FulfilmentStatus, type OrderStatus, type PaymentStatus,
} from '@orderflow/shared/events';
import { daysAfter, limits, nextPaymentAttempt } from './limits.ts';

/** What an order's execution does after its payment was looked at. */
export type OrderPath =
  /** ConfirmOrder → LoadOrder → notice → Done */
  | 'CONFIRM'
  /** LoadOrder → Done: nothing is asked of us any more */
  | 'LOAD'
  /** park until the payment comes */
  | 'WAIT'
  /** tell the customer, then park */
  | 'REFUSED'
  /** attempts used up: load as it is, marked overdue, and stay parked */
  | 'OVERDUE';

export interface OrderPlan {
  readonly path: OrderPath;
  readonly mail?: 'order-confirmed' | 'payment-failed';
  readonly notice?: 'packaging' | 'shipping';
}

interface Row {
  readonly payment: readonly PaymentStatus[];
  readonly fulfilment: readonly FulfilmentStatus[];
  readonly kind: readonly OrderKind[];
  readonly plan: OrderPlan;
}

/** Historical before test: a test order out of a backfill is as silent as the backfill. */
const orderKinds = ['live', 'test', 'historical'] as const;
type OrderKind = (typeof orderKinds)[number];

const goesOn: readonly PaymentStatus[] = ['PAID', 'PARTIALLY_REFUNDED', 'UNKNOWN'];
const over: readonly PaymentStatus[] = ['REFUNDED', 'VOIDED'];
const toPack: readonly FulfilmentStatus[] = ['UNFULFILLED', 'PARTIAL', 'UNKNOWN'];
const packed: readonly FulfilmentStatus[] = ['PACKED', 'SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED'];
const alive: readonly FulfilmentStatus[] = [...toPack, ...packed];

/** The total table: each payment × fulfilment × kind has exactly one row, checked at load. */
const rows: readonly Row[] = [
  { payment: goesOn, fulfilment: toPack, kind: ['live'], plan: { path: 'CONFIRM', mail: 'order-confirmed', notice: 'packaging' } },
  { payment: goesOn, fulfilment: packed, kind: ['live'], plan: { path: 'CONFIRM', mail: 'order-confirmed', notice: 'shipping' } },
  { payment: goesOn, fulfilment: alive, kind: ['test'], plan: { path: 'CONFIRM' } },
  { payment: ['PENDING'], fulfilment: alive, kind: ['live'], plan: { path: 'WAIT' } },
  { payment: ['FAILED'], fulfilment: alive, kind: ['live'], plan: { path: 'REFUSED', mail: 'payment-failed' } },
  // nobody pays a test order, and nobody waits for one
  { payment: ['PENDING', 'FAILED'], fulfilment: alive, kind: ['test'], plan: { path: 'LOAD' } },
  { payment: over, fulfilment: alive, kind: ['live', 'test'], plan: { path: 'LOAD' } },
  { payment: paymentStatuses, fulfilment: ['CANCELLED'], kind: ['live', 'test'], plan: { path: 'LOAD' } },
  { payment: paymentStatuses, fulfilment: fulfilmentStatuses, kind: ['historical'], plan: { path: 'LOAD' } },
];

const nameOf = (payment: string, fulfilment: string, kind: string): string => `${payment} ${fulfilment} ${kind}`;

function index(): ReadonlyMap<string, OrderPlan> {
  const plans = new Map<string, OrderPlan>();
  for (const row of rows) {
    for (const payment of row.payment) for (const fulfilment of row.fulfilment) for (const kind of row.kind) {
      const name = nameOf(payment, fulfilment, kind);
      if (plans.has(name)) throw new Error(`order plan: ${name} has two rows`);
      plans.set(name, row.plan);
    }
  }
  const missing = paymentStatuses.length * fulfilmentStatuses.length * orderKinds.length - plans.size;
  if (missing > 0) throw new Error(`order plan: ${missing} combinations have no row`);
  return plans;
}
const plans = index();

export interface OrderSituation {
  readonly status: OrderStatus;
  readonly payment: PaymentStatus;
  readonly fulfilment: FulfilmentStatus;
  readonly test: boolean;
  readonly historical: boolean;
  /** The account's word on UNKNOWN payments: the source settles them, or they wait like PENDING. */
  readonly unknownPayment: 'settled' | 'wait';
}

/** Row of the table for an order as it stands; a cancelled order is only loaded. */
export function planOf(order: OrderSituation): OrderPlan {
  if (order.status === 'CANCELLED') return { path: 'LOAD' };
  const payment = order.payment === 'UNKNOWN' && order.unknownPayment === 'wait' ? 'PENDING' : order.payment;
  const kind: OrderKind = order.historical ? 'historical' : order.test ? 'test' : 'live';
  return plans.get(nameOf(payment, order.fulfilment, kind)) ?? { path: 'LOAD' };
}

export interface Waiting {
  /** Number of this look at the payment, from 1. */
  readonly attempt: number;
  /** First parking; absent while it has never waited. */
  readonly since?: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A plan with, where the order waits, why and until when. */
export interface OrderDecision extends OrderPlan {
  readonly park?: { readonly reason: 'payment-pending' | 'payment-failed' | 'payment-overdue'; readonly dueAt: string };
}

/**
 * What to do with an order now. After the last attempt it is loaded as overdue and stays parked; after the park limit it
 * is loaded for good. Only the source cancels an order.
 */
export function decideOrder(order: OrderSituation, { attempt, since, now }: Waiting): OrderDecision {
  const plan = planOf(order);
  if (plan.path !== 'WAIT' && plan.path !== 'REFUSED') return plan;
  const ends = daysAfter(since === undefined ? now : Date.parse(since), limits.parkDays['payment-overdue']);
  if (Date.parse(ends) <= now) return { path: 'LOAD' };
  if (attempt >= limits.payment.attempts) return { path: 'OVERDUE', park: { reason: 'payment-overdue', dueAt: ends } };
  const reason = plan.path === 'REFUSED' ? 'payment-failed' : 'payment-pending';
  return { ...plan, park: { reason, dueAt: nextPaymentAttempt(now, attempt) } };
}
