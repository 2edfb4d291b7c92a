import * as z from 'zod/mini';
import { currency, minor, timestamp } from '@orderflow/shared/events';

/**
 * What staff and their systems are told through SNS, as JSON. Nothing here names a customer: who packs or reviews looks
 * the order up by its key. Fields may be added within a version, never redefined.
 */
const about = { id: z.string(), at: timestamp, orderKey: z.optional(z.string()) };

const goods = z.object({
  lineId: z.string(),
  productId: z.optional(z.string()),
  sku: z.optional(z.string()),
  name: z.optional(z.string()),
  quantity: z.int(),
});

/** An order is confirmed: pack these goods. */
export const packagingNotice = z.object({
  schema: z.literal('orderflow.packaging.v1'),
  ...about,
  orderNumber: z.optional(z.string()),
  lines: z.array(goods),
  /** Lines that did not fit into the message. */
  linesOmitted: z.int(),
});

/** Packing is complete: ship it. */
export const shippingNotice = z.object({
  schema: z.literal('orderflow.shipping.v1'),
  ...about,
  orderNumber: z.optional(z.string()),
  fulfilment: z.string(),
  parcels: z.optional(z.int()),
});

/** A return waits for a person. */
export const reviewNotice = z.object({
  schema: z.literal('orderflow.review.v1'),
  ...about,
  returnKey: z.string(),
  /** Why the machine did not decide: rule or cause. */
  rule: z.string(),
  amount: z.optional(minor),
  currency: z.optional(currency),
  modelOpinion: z.optional(z.string()),
  /** How often it has been asked, this time included; from the second on nobody answered within the limit. */
  asked: z.optional(z.int()),
  /** How to answer. */
  command: z.string(),
});

/** Something needs an operator. One digest a run. */
export const alertNotice = z.object({
  schema: z.literal('orderflow.alert.v1'),
  ...about,
  stage: z.string(),
  groups: z.array(
    z.object({
      code: z.string(),
      state: z.enum(['new', 'grown', 'lasting', 'resolved']),
      count: z.int(),
      oldestMinutes: z.optional(z.int()),
      /** Up to five order keys or object names. */
      examples: z.array(z.string()),
      action: z.string(),
    }),
  ),
});

export const staffMessage = z.discriminatedUnion('schema', [packagingNotice, shippingNotice, reviewNotice, alertNotice]);
export type StaffMessage = z.infer<typeof staffMessage>;
export type PackagingNotice = z.infer<typeof packagingNotice>;
export type ShippingNotice = z.infer<typeof shippingNotice>;
export type ReviewNotice = z.infer<typeof reviewNotice>;
export type AlertNotice = z.infer<typeof alertNotice>;

/** Lines that go along in a packaging notice; a message of SNS ends at 256 KiB. */
export const packagingLines = 200;

const quantityOf = (message: PackagingNotice): number => message.lines.reduce((sum, line) => sum + line.quantity, 0);

/** Subject for the mail subscribers of a topic: ASCII, at most 100 characters, as SNS asks. */
export function subjectOf(message: StaffMessage): string {
  const ascii = (text: string): string => text.replaceAll(/[^\x20-\x7E]/g, '?').slice(0, 100);
  switch (message.schema) {
    case 'orderflow.packaging.v1':
      return ascii(`Pack order ${message.orderNumber ?? message.orderKey ?? message.id} (${quantityOf(message)} items)`);
    case 'orderflow.shipping.v1':
      return ascii(`Ship order ${message.orderNumber ?? message.orderKey ?? message.id}`);
    case 'orderflow.review.v1':
      return ascii(`${(message.asked ?? 1) > 1 ? `Unanswered, asked ${message.asked} times: review` : 'Review'} return ${message.returnKey}`);
    case 'orderflow.alert.v1':
      return ascii(`[orderflow ${message.stage}] ${message.groups.map((group) => `${group.code}: ${group.count}`).join(', ')}`);
  }
}
