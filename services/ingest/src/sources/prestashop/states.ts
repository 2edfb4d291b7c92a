import type { FulfilmentStatus, OrderStatus, PaymentStatus } from '@orderflow/shared/events';

/** States of orders that a new shop has, by their ids; a shop may add others, which say nothing to us. */
export const statuses: Readonly<Record<string, OrderStatus>> = {
  1: 'NEW', 2: 'CONFIRMED', 3: 'PROCESSING', 4: 'PROCESSING', 5: 'COMPLETED', 6: 'CANCELLED', 7: 'UNKNOWN', 8: 'UNKNOWN', 9: 'CONFIRMED', 10: 'NEW', 11: 'CONFIRMED', 12: 'NEW', 13: 'CONFIRMED',
};
export const payments: Readonly<Record<string, PaymentStatus>> = {
  1: 'PENDING', 2: 'PAID', 3: 'PAID', 4: 'PAID', 5: 'PAID', 6: 'VOIDED', 7: 'REFUNDED', 8: 'FAILED', 9: 'PAID', 10: 'PENDING', 11: 'PAID', 12: 'PENDING', 13: 'PENDING',
};
export const fulfilments: Readonly<Record<string, FulfilmentStatus>> = {
  1: 'UNFULFILLED', 2: 'UNFULFILLED', 3: 'UNFULFILLED', 4: 'SHIPPED', 5: 'DELIVERED', 6: 'CANCELLED', 8: 'UNFULFILLED', 9: 'UNFULFILLED', 10: 'UNFULFILLED', 11: 'UNFULFILLED', 12: 'UNFULFILLED',
  13: 'UNFULFILLED',
};
