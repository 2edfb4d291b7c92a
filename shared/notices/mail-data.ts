import * as z from 'zod/mini';
import { currency, minor, timestamp } from '@orderflow/shared/events';

/** What every e-mail knows. All amounts are integers in the minor unit of `currency`. */
const about = {
  /** Name of the shop the customer bought from, as the customer knows it. */
  shop: z.string(),
  /** The number the customer was given; the order id where the source has no number. */
  orderNumber: z.string(),
  /** Absent: greeted without a name. */
  customerName: z.optional(z.string()),
  /** BCP 47; `en` when absent. Decides how money and dates are written, not the language of the text. */
  locale: z.optional(z.string()),
};

const mailLine = z.object({ name: z.string(), quantity: z.int(), total: z.optional(minor) });
const lines = z.array(mailLine);

const parcel = {
  tracking: z.optional(
    z.object({ carrier: z.optional(z.string()), number: z.optional(z.string()), url: z.optional(z.string()) }),
  ),
};

/** The data of each kind of e-mail: the one list from which kinds and types are derived. */
export const mailDataByKind = {
  'order-confirmed': z.object({
    ...about,
    placedAt: timestamp,
    currency,
    lines,
    discount: z.optional(minor),
    shipping: z.optional(minor),
    tax: z.optional(minor),
    total: minor,
  }),
  'payment-failed': z.object({ ...about, currency, total: minor }),
  'order-cancelled': z.object({ ...about, currency, total: minor, reason: z.optional(z.string()) }),
  shipped: z.object({ ...about, ...parcel, promisedAt: z.optional(timestamp) }),
  'out-for-delivery': z.object({ ...about, ...parcel }),
  delivered: z.object({ ...about, deliveredAt: z.optional(timestamp), returnByDays: z.optional(z.int()) }),
  'return-received': z.object({ ...about, returnId: z.string(), lines }),
  'return-under-review': z.object({ ...about, returnId: z.string() }),
  'return-approved': z.object({
    ...about, returnId: z.string(), currency, amount: minor, fee: z.optional(minor), instructions: z.optional(z.string()),
  }),
  'return-partial': z.object({
    ...about, returnId: z.string(), currency, amount: minor, requested: z.optional(minor), fee: z.optional(minor),
    reason: z.optional(z.string()), instructions: z.optional(z.string()),
    /** What is not taken back, line by line, and why. */
    leftOut: z.optional(z.array(z.object({ name: z.string(), quantity: z.int(), reason: z.string() }))),
  }),
  'return-rejected': z.object({ ...about, returnId: z.string(), reason: z.string() }),
} as const;

export type MailKind = keyof typeof mailDataByKind;
export const mailKinds = Object.keys(mailDataByKind) as MailKind[];
export type MailData<K extends MailKind> = z.infer<(typeof mailDataByKind)[K]>;
