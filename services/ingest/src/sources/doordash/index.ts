import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * DoorDash, as a tap: orders of the Marketplace (https://developer.doordash.com/en-US/docs/marketplace/overview/getting_started/create_webhook_subscription_getting_started)
 * and events of deliveries. To DoorDash the answer to an order is its confirmation: "partners confirm order receipt by returning a 200",
 * anything but 2xx fails it. So never give DoorDash this address for live orders; whoever confirms them forwards a copy. 202, with
 * nothing in it, is the one answer by which nobody confirms: the confirmation follows by another way, or does not. The secret is the
 * whole of `Authorization`, as it is configured with DoorDash or with who forwards: `Bearer …` or `Basic …`.
 */
export const source: SourceDefinition = {
  name: 'doordash',
  title: 'DoorDash',
  kind: 'delivery',
  verified: {
    unsure: [
      'that 202 confirms nothing: from memory of the pages on asynchronous confirmation',
      'how Authorization holds the token that is configured: the secret is taken to be all of it',
      'of events, only that of a new order was seen, as event.type OrderCreate beside the order; those of cancellations and deliveries are from third parties’ schemas',
      'when an order was placed: its samples do not say, so it is when it came where created_at is missing',
      'that prices of options are for one unit of their item',
      'that the id of a Drive delivery is that of an order of this account: a merchant chooses it',
    ],
  },
  verify: { shared: { header: 'authorization' } },
  topic: { field: ['event.type', 'event_name', 'event_type'] },
  delivery: [],
  routes: {
    sells: {
      OrderCreate: 'order.created',
      new_order: 'order.created',
      OrderCancel: 'order.updated',
      order_cancelled: 'order.updated',
      DASHER_CONFIRMED: 'order.updated',
      DASHER_CONFIRMED_PICKUP_ARRIVAL: 'order.updated',
      DASHER_PICKED_UP: 'order.updated',
      DASHER_CONFIRMED_DROPOFF_ARRIVAL: 'order.updated',
      DASHER_DROPPED_OFF: 'order.updated',
      DELIVERY_CANCELLED: 'order.updated',
      DELIVERY_RETURNED: 'return.requested',
      // on their way back, or several on one way: nothing has come of it yet
      DELIVERY_RETURN_INITIALIZED: 'ignore',
      DASHER_CONFIRMED_RETURN_ARRIVAL: 'ignore',
      DELIVERY_BATCHED: 'ignore',
      dasher_confirmed: 'order.updated',
      dasher_at_store: 'order.updated',
      dasher_picked_up: 'order.updated',
      dasher_at_customer: 'order.updated',
      dasher_delivered: 'order.updated',
    },
  },
  answer: { status: 202, body: '' },
  toEvents,
};
