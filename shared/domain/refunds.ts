import type { Order, PaymentStatus } from '@orderflow/shared/events';

/** Bookkeeping of refunds (invariant I6). Minor units of `currency`; quantities by id of the order's line. */
export interface RefundAccount {
  readonly currency: string;
  /** What the order costs; paid once its payment is. */
  readonly total: number;
  readonly paid: number;
  readonly refunded: number;
  readonly bought: Readonly<Record<string, number>>;
  readonly returned: Readonly<Record<string, number>>;
}

export interface Refund {
  /** Minor units, not negative. */
  readonly amount: number;
  /** Quantity by line id of the order. */
  readonly lines: Readonly<Record<string, number>>;
}

const hasPaid = (status: PaymentStatus): boolean => status === 'PAID' || status === 'PARTIALLY_REFUNDED' || status === 'REFUNDED';

/** What an order has paid by its payment status; UNKNOWN counts as paid where the source settles payments itself. */
const paidOf = (total: number, status: PaymentStatus, unknownIsPaid: boolean): number =>
  hasPaid(status) || (unknownIsPaid && status === 'UNKNOWN') ? Math.max(0, total) : 0;

/** The account of a new order. Goods only: postage and fees have no quantity that could come back. */
export function openAccount(order: Order, unknownIsPaid: boolean): RefundAccount {
  const bought: Record<string, number> = {};
  for (const { id, quantity, class: kind = 'product' } of order.lines) {
    if (kind === 'product' || kind === 'giftCard') bought[id] = (bought[id] ?? 0) + Math.max(0, quantity);
  }
  return { currency: order.currency, total: order.total, paid: paidOf(order.total, order.payment.status, unknownIsPaid), refunded: 0, bought, returned: {} };
}

const wholeAndNotNegative = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** Books a refund that we decide, if Σ refunds ≤ paid and returned ≤ bought on each line allow it; else `undefined`. */
export function bookRefund(account: RefundAccount, { amount, lines }: Refund): RefundAccount | undefined {
  const entries = Object.entries(lines);
  if (!wholeAndNotNegative(amount) || amount > account.paid - account.refunded) return undefined;
  if (!entries.every(([id, quantity]) => wholeAndNotNegative(quantity) && quantity <= (account.bought[id] ?? 0) - (account.returned[id] ?? 0))) return undefined;
  const returned = { ...account.returned };
  for (const [id, quantity] of entries) returned[id] = (returned[id] ?? 0) + quantity;
  return { ...account, refunded: account.refunded + amount, returned };
}

/** The account after a change of the payment, of which a tombstone too has to know. Never less paid than refunded by us. */
export const withPayment = (account: RefundAccount, status: PaymentStatus, unknownIsPaid: boolean): RefundAccount => ({
  ...account, paid: Math.max(paidOf(account.total, status, unknownIsPaid), account.refunded),
});

/** The account after a newer snapshot of the order: other lines, another total. */
export const withOrder = (account: RefundAccount, order: Order, unknownIsPaid: boolean): RefundAccount => ({
  ...withPayment({ ...openAccount(order, unknownIsPaid), refunded: account.refunded }, order.payment.status, unknownIsPaid), returned: account.returned,
});
