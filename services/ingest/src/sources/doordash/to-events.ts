import { eventsOf, first, orderChanged, orderCreated, returnRequested, text, time, type Make, type Read } from '../../map/index.ts';
import { order } from './order.ts';

/** What says no time is as old as its coming. */
const now: Read<string> = (_, scope) => new Date(scope.now).toISOString();
const at = first(time(['event.created_at', 'updated_at', 'created_at', 'order.cancelled_at', 'cancelled_at']), now);

const created: Make = (fields, context) => orderCreated(order)(fields.child('order') ?? fields, context);

const change: Make = (fields, context, outer) => {
  const cancelled = ['OrderCancel', 'order_cancelled'].includes(context.topic);
  return orderChanged({
    orderId: text('order.id', 'order_id', 'external_delivery_id', 'id'),
    at,
    ...(cancelled ? { status: () => 'CANCELLED' as const } : {}),
    fulfilment: {
      status: () => ({
        OrderCancel: 'CANCELLED', order_cancelled: 'CANCELLED', DELIVERY_CANCELLED: 'CANCELLED', DASHER_DROPPED_OFF: 'DELIVERED', dasher_delivered: 'DELIVERED',
        DASHER_PICKED_UP: 'OUT_FOR_DELIVERY', DASHER_CONFIRMED_DROPOFF_ARRIVAL: 'OUT_FOR_DELIVERY', dasher_picked_up: 'OUT_FOR_DELIVERY', dasher_at_customer: 'OUT_FOR_DELIVERY',
      } as const)[context.topic] ?? 'UNFULFILLED',
      promisedAt: time(['dropoff_time_estimated', 'estimated_delivery_time']),
      deliveredAt: time('dropoff_time_actual'),
    },
    tracking: { url: text('tracking_url') },
    cancelReason: text('cancellation_reason', 'order.cancel_reason', 'cancel_reason'),
  })(fields, context, outer);
};

/** What could not be handed over and is back: of the whole order, and nobody has decided anything. */
const returned = returnRequested({
  id: text('external_delivery_id'),
  orderId: text('external_delivery_id'),
  requestedAt: first(time('return_time_actual'), at),
  reason: () => 'undeliverable',
  comment: text('cancellation_reason', 'return_reason'),
});

/** An event → canonical events. */
export const toEvents = eventsOf({ 'order.created': created, 'order.updated': change, 'return.requested': returned });
