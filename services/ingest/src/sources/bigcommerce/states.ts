/**
 * Order statuses by id (Orders V2, Get all order statuses): 0 incomplete, 1 pending, 2 shipped, 3 partially shipped, 4 refunded,
 * 5 cancelled, 6 declined, 7 awaiting payment, 8 awaiting pickup, 9 awaiting shipment, 10 completed, 11 awaiting fulfilment, 12 manual
 * verification required, 13 disputed, 14 partially refunded. Their names may be changed by the shop; the ids may not.
 */
export const statuses = {
  0: 'NEW', 1: 'NEW', 7: 'NEW', 12: 'NEW', 8: 'CONFIRMED', 9: 'CONFIRMED', 11: 'CONFIRMED', 13: 'CONFIRMED', 3: 'PROCESSING', 2: 'COMPLETED', 4: 'COMPLETED', 10: 'COMPLETED', 14: 'COMPLETED',
  5: 'CANCELLED', 6: 'CANCELLED',
} as const;

/** A refund does not say where the goods are. */
export const fulfilments = {
  0: 'UNFULFILLED', 1: 'UNFULFILLED', 7: 'UNFULFILLED', 12: 'UNFULFILLED', 9: 'UNFULFILLED', 11: 'UNFULFILLED', 8: 'PACKED', 3: 'PARTIAL', 2: 'SHIPPED', 10: 'DELIVERED', 5: 'CANCELLED', 6: 'CANCELLED',
} as const;

/** What was paid back counts for more than what payment_status says of the money that came in. */
export const refunds = { 4: 'REFUNDED', 14: 'PARTIALLY_REFUNDED' } as const;

/** `payment_status`; orders that are paid outside of the shop have none. */
export const payments = {
  'authorized': 'PENDING', 'capture pending': 'PENDING', 'held for review': 'PENDING', 'pending': 'PENDING', 'void pending': 'PENDING', 'captured': 'PAID', 'paid': 'PAID',
  'declined': 'FAILED', 'partially refunded': 'PARTIALLY_REFUNDED', 'refunded': 'REFUNDED', 'void': 'VOIDED', 'voided': 'VOIDED',
} as const;

/** Without one: the shop lets goods go only when it has been paid. */
export const paymentsByStatus = { 0: 'PENDING', 1: 'PENDING', 7: 'PENDING', 12: 'PENDING', 6: 'FAILED', 2: 'PAID', 3: 'PAID', 8: 'PAID', 9: 'PAID', 10: 'PAID', 11: 'PAID' } as const;
