/** States of orders (https://help.vtex.com/en/tutorial/order-flow-and-status--tutorials_196), in the order of their flow. */
const flow = {
  NEW: [
    'order-created', 'order-completed', 'on-order-completed', 'on-order-completed-ffm', 'order-accepted', 'payment-pending', 'payment-denied', 'waiting-for-order-authorization', 'waiting-for-manual-authorization',
    'waiting-for-mkt-authorization', 'waiting-ffmt-authorization', 'waiting-for-seller-confirmation',
  ],
  CONFIRMED: ['approve-payment', 'payment-approved', 'authorize-fulfillment', 'window-to-cancel', 'ready-for-handling'],
  PROCESSING: ['start-handling', 'handling', 'invoice', 'ready-for-invoicing', 'request-cancel', 'cancellation-requested', 'waiting-for-seller-decision', 'invoice-after-cancellation-deny'],
  COMPLETED: ['invoiced'],
  CANCELLED: ['cancel', 'canceled', 'replaced'],
} as const;

type Stage = keyof typeof flow;

const table = <const T extends string>(words: Readonly<Partial<Record<Stage, T>>>): Readonly<Record<string, T>> =>
  Object.fromEntries((Object.keys(words) as Stage[]).flatMap((stage) => flow[stage].map((state) => [state, words[stage] as T])));

export const statuses = table({ NEW: 'NEW', CONFIRMED: 'CONFIRMED', PROCESSING: 'PROCESSING', COMPLETED: 'COMPLETED', CANCELLED: 'CANCELLED' });

/** Of an order that says no time of authorisation. */
export const payments = table({ NEW: 'PENDING', CONFIRMED: 'PAID', PROCESSING: 'PAID', COMPLETED: 'PAID' });

/** An order is invoiced when its goods leave the shop. */
export const fulfilments = table({ NEW: 'UNFULFILLED', CONFIRMED: 'UNFULFILLED', PROCESSING: 'UNFULFILLED', COMPLETED: 'SHIPPED', CANCELLED: 'CANCELLED' });
