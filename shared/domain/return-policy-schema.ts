import * as z from 'zod/mini';
import { currency, minor } from '@orderflow/shared/events';
import rules from './return-policy-rules.json' with { type: 'json' };

const percent = z.number().check(z.gte(0), z.lte(100));
const share = z.number().check(z.gt(0), z.lte(1));
const days = z.int().check(z.gte(0), z.lte(3650));

/** A merchant's return policy: data, versioned; every decision cites the version and the rule that decided. */
export const returnPolicy = z.strictObject({
  version: z.string().check(z.minLength(1), z.maxLength(64)),
  /** Days after delivery within which goods come back, unless their category says otherwise. */
  windowDays: days,
  /** By category as order lines name it, compared without case. */
  categories: z.record(
    z.string(),
    z.strictObject({
      windowDays: z.optional(days),
      returnable: z.optional(z.boolean()),
      /** Kept from the refund for handling, percent of it. */
      feePercent: z.optional(percent),
    }),
  ),
  /** Sold for good: by category, or by a discount of at least so many percent. */
  finalSale: z.strictObject({ categories: z.array(z.string()), discountPercent: percent }),
  /** Largest amount, minor units by currency, that is approved without a person. A currency that is not named has none. */
  autoApproveUpTo: z.record(currency, minor),
  holds: z.strictObject({
    /** From this many returns of one order on, a person looks. */
    returnsOfOrder: z.int().check(z.positive()),
    /** Ids of customers whose returns a person looks at. */
    customers: z.array(z.string()),
  }),
  /** The model approves from this probability on; its attack flag counts from that one on. */
  model: z.strictObject({ approveAt: share, injectionAt: share }),
});
export type ReturnPolicy = z.infer<typeof returnPolicy>;

/** @throws Error in one line that names the field at fault */
export function parseReturnPolicy(value: unknown): ReturnPolicy {
  const read = z.safeParse(returnPolicy, value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new Error(`return policy: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}

/** The policy that is shipped; a merchant edits return-policy-rules.json. */
export const shippedReturnPolicy = (): ReturnPolicy => parseReturnPolicy(rules);
