import { destinationByType, eventSchema, eventTypes } from '@orderflow/shared/events';
import * as z from 'zod/mini';

/** What each type means, for people who read the AsyncAPI document. */
const meaning: Readonly<Record<(typeof eventTypes)[number], string>> = {
  'order.created': 'A new order of a selling account.',
  'order.updated': 'Status, payment, packing, shipping, delivery or cancellation of an order.',
  'payment.changed': 'A payment provider says what became of a payment; matched to its order by the payment reference.',
  'return.requested': 'A request to take goods back, or a refund that the source has already made.',
  'feedback.received': 'A review, a survey sent or answered, or a comment.',
  'catalog.updated': 'A product with category, price, cost and seller.',
  'inventory.counted': 'Stock of a product at a place and time.',
  'adjustment.recorded': 'What is neither sale nor return: write-offs, ledger corrections, fees.',
  'source.notified': 'A thin notice that carries only ids; the whole is fetched.',
  'intake.rejected': 'A verified delivery that could not be read; it is in quarantine.',
};

const channels = { events: 'events', facts: 'facts', notices: 'notices', quarantine: 'quarantine' } as const;

const fileOf = (type: string): string => `${type}.schema.json`;
const print = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** File name → text of every published schema. JSON Schema 2020-12; AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0). */
export function publishedSchemas(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const type of eventTypes) {
    const schema = z.toJSONSchema(eventSchema(type), { unrepresentable: 'any', reused: 'inline' });
    files[fileOf(type)] = print({ $id: `https://orderflow.example/events/${type}`, title: type, description: meaning[type], ...schema });
  }
  files['asyncapi.json'] = print({
    asyncapi: '3.0.0',
    info: { title: 'Orderflow events', version: '1.0.0', description: 'Canonical events between intake and everything behind it.' },
    defaultContentType: 'application/cloudevents+json',
    channels: Object.fromEntries(
      Object.entries(channels).map(([channel, address]) => [
        channel,
        {
          address,
          messages: Object.fromEntries(
            eventTypes
              .filter((type) => destinationByType[type] === channel)
              .map((type) => [type, { $ref: `#/components/messages/${type}` }]),
          ),
        },
      ]),
    ),
    operations: Object.fromEntries(
      Object.keys(channels).map((channel) => [`take-${channel}`, { action: 'receive', channel: { $ref: `#/channels/${channel}` } }]),
    ),
    components: {
      messages: Object.fromEntries(
        eventTypes.map((type) => [type, { name: type, title: type, summary: meaning[type], payload: { $ref: `./${fileOf(type)}` } }]),
      ),
    },
  });
  return files;
}
