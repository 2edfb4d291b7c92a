import type { FulfilmentStatus, OrderStatus, PaymentStatus } from '@orderflow/shared/events';
import type { Fields } from '../../convert/index.ts';

const payments: Readonly<Record<string, PaymentStatus>> = {
  pending: 'PENDING',
  authorized: 'PENDING',
  partially_paid: 'PENDING',
  paid: 'PAID',
  partially_refunded: 'PARTIALLY_REFUNDED',
  refunded: 'REFUNDED',
  voided: 'VOIDED',
  expired: 'FAILED',
};

/** `fulfillment_status` of an order; null means that nothing has been sent. */
const fulfilments: Readonly<Record<string, FulfilmentStatus>> = {
  unfulfilled: 'UNFULFILLED',
  partial: 'PARTIAL',
  fulfilled: 'SHIPPED',
  restocked: 'CANCELLED',
};

/** `shipment_status` of a fulfilment: where the parcel is. */
const shipments: Readonly<Record<string, FulfilmentStatus>> = {
  label_printed: 'PACKED',
  label_purchased: 'PACKED',
  ready_for_pickup: 'PACKED',
  confirmed: 'PACKED',
  in_transit: 'SHIPPED',
  attempted_delivery: 'OUT_FOR_DELIVERY',
  out_for_delivery: 'OUT_FOR_DELIVERY',
  delivered: 'DELIVERED',
};

/** `status` of a fulfilment, where no shipment status says more. */
const handlings: Readonly<Record<string, FulfilmentStatus>> = { pending: 'PACKED', open: 'PACKED', success: 'SHIPPED' };

const word = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

export const paymentOf = (order: Fields): PaymentStatus => word(payments, order.text('financial_status') ?? '') ?? 'UNKNOWN';

export const shipmentOf = (fulfilment: Fields): FulfilmentStatus =>
  word(shipments, fulfilment.text('shipment_status') ?? '') ?? word(handlings, fulfilment.text('status') ?? '') ?? 'UNKNOWN';

/** The order's own word, refined by its parcels when all of it has left the house and every parcel says where it is. */
export function fulfilmentOf(order: Fields): FulfilmentStatus {
  if (order.text('cancelled_at') !== undefined) return 'CANCELLED';
  const status = word(fulfilments, order.text('fulfillment_status') ?? 'unfulfilled') ?? 'UNKNOWN';
  if (status !== 'SHIPPED') return status;
  const parcels = order.list('fulfillments').map(shipmentOf);
  const [first] = parcels;
  return first !== undefined && first !== 'UNKNOWN' && parcels.every((parcel) => parcel === first) ? first : status;
}

export function statusOf(order: Fields): OrderStatus {
  if (order.text('cancelled_at') !== undefined) return 'CANCELLED';
  if (order.text('closed_at') !== undefined) return 'COMPLETED';
  const sent = order.text('fulfillment_status');
  return sent === undefined ? 'NEW' : word(fulfilments, sent) === undefined ? 'UNKNOWN' : 'PROCESSING';
}
