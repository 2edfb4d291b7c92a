import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * commercetools messages about orders (https://docs.commercetools.com/api/projects/subscriptions): in the platform format or as
 * CloudEvents, out of a queue (SQS) as they are, inside what SNS or EventBridge put around them. Who may write to the queue is
 * decided by IAM; nothing is signed.
 */
export const source: SourceDefinition = {
  name: 'commercetools',
  title: 'commercetools',
  kind: 'storefront',
  verified: {
    unsure: [
      'what CreditOwed means for who waits for money: here the order is paid',
      'which of an order’s payments is its payment: the first, by its provider’s id only where it is expanded',
    ],
  },
  verify: 'not-http',
  // an SQS destination of IAM credentials needs a role of ours; EventBridge and SNS write as services
  queue: { writers: ['events.amazonaws.com', 'sns.amazonaws.com'], store: { field: 'projectKey' } },
  unwrap: [
    { text: 'Message', as: 'json', optional: true }, // SNS
    { inside: 'detail', optional: true }, // EventBridge
    { inside: 'data', optional: true }, // CloudEvents
  ],
  // what is too large for the queue names its type elsewhere; what is no message has none
  topic: { field: ['payloadNotIncluded.payloadType', 'type', 'notificationType'] },
  delivery: [],
  // "unique ID of the message", however it comes
  item: [{ field: 'id' }],
  routes: {
    sells: {
      OrderCreated: 'order.created',
      OrderImported: 'order.created',
      OrderStateChanged: 'order.updated',
      OrderPaymentStateChanged: 'order.updated',
      OrderShipmentStateChanged: 'order.updated',
      DeliveryAdded: 'order.updated',
      ParcelAddedToDelivery: 'order.updated',
      ParcelTrackingDataUpdated: 'order.updated',
      ReturnInfoAdded: 'return.requested',
      ReturnInfoSet: 'return.requested',
    },
  },
  toEvents,
};
