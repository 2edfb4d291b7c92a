import * as z from 'zod/mini';
import { minor } from '@orderflow/shared/events';
import type { InFlightItem } from '@orderflow/shared/store';

/** What a return's workflow has found out so far, kept with the item; gone with it once it is loaded. */
const boughtLine = z.object({
  id: z.string(),
  productId: z.optional(z.string()),
  sku: z.optional(z.string()),
  category: z.optional(z.string()),
  seller: z.optional(z.string()),
  returnByDays: z.optional(z.int()),
  class: z.optional(z.enum(['product', 'postage', 'discount', 'fee', 'adjustment', 'giftCard'])),
  quantity: z.number(),
  total: minor,
  discount: z.optional(minor),
  tax: z.optional(minor),
  returned: z.number(),
  damaged: z.optional(z.boolean()),
});

const orderSeen = z.object({
  /** Number that the customer knows. */
  number: z.string(),
  contact: z.object({
    name: z.optional(z.string()),
    email: z.optional(z.string()),
    /** Street and town, only to be taken out of comments. */
    place: z.optional(z.string()),
  }),
  facts: z.object({
    key: z.optional(z.string()),
    country: z.optional(z.string()),
    currency: z.string(),
    paid: minor,
    refunded: minor,
    placedAt: z.string(),
    deliveredAt: z.optional(z.string()),
    promisedAt: z.optional(z.string()),
    total: minor,
    shipping: z.optional(minor),
    taxOnTop: z.optional(minor),
    customerId: z.optional(z.string()),
    earlierReturns: z.int(),
    returnsOfCustomer: z.optional(z.int()),
    lines: z.array(boughtLine),
  }),
});
export type OrderSeen = z.infer<typeof orderSeen>;

const decision = z.object({
  outcome: z.enum(['APPROVED', 'PARTIAL', 'REJECTED', 'NEEDS_REVIEW']),
  by: z.enum(['policy', 'model']),
  rule: z.string(),
  ruleSource: z.optional(z.string()),
  at: z.string(),
  amount: minor,
  fee: minor,
  /** What of the amount each seller is charged. */
  sellerCharges: z._default(z.record(z.string(), minor), {}),
  granted: z.array(z.object({ lineId: z.string(), quantity: z.number(), amount: minor })),
  leftOut: z._default(z.array(z.object({ lineId: z.string(), quantity: z.number(), rule: z.string() })), []),
  policyVersion: z.string(),
  features: z.record(z.string(), z.number()),
  thresholds: z.record(z.string(), z.number()),
  textSha256: z.optional(z.string()),
  modelVersion: z.optional(z.string()),
  modelSha256: z.optional(z.string()),
  probabilities: z.optional(z.record(z.string(), z.number())),
  reasonCategory: z.optional(z.string()),
  /** What a second model said and would have led to; never used. */
  shadow: z.optional(z.object({ modelVersion: z.string(), modelSha256: z.string(), outcome: z.string(), probabilities: z.record(z.string(), z.number()) })),
  sentiment: z.optional(z.object({ label: z.enum(['GOOD', 'BAD']), score: z.number(), modelVersion: z.string() })),
});
export type Decision = z.infer<typeof decision>;

const answer = z.object({
  outcome: z.enum(['APPROVED', 'PARTIAL', 'REJECTED']),
  amount: minor,
  fee: minor,
  reason: z.optional(z.string()),
  reviewer: z.string(),
  at: z.string(),
});
export type Answer = z.infer<typeof answer>;

const progress = z.object({
  order: z.optional(orderSeen),
  decision: z.optional(decision),
  /** Where the answer of a person goes, and how often one was asked. */
  review: z.optional(z.object({ token: z.string(), askedAt: z.string(), asked: z.int() })),
  answer: z.optional(answer),
  /** A refund by the source went beyond what the order's account allows: reported, not blocked. */
  sourceExcess: z.optional(z.boolean()),
});
export type Progress = z.infer<typeof progress>;

/** @throws ZodError when the table holds what no workflow of ours has written */
export const progressOf = (item: InFlightItem): Progress => z.parse(progress, item.progress ?? {});
