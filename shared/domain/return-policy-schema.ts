import * as z from 'zod/mini';
import { country, currency, minor } from '@orderflow/shared/events';
import shipped from './return-policy-rules.json' with { type: 'json' };

const percent = z.number().check(z.gte(0), z.lte(100));
const share = z.number().check(z.gt(0), z.lte(1));
const days = z.int().check(z.gte(0), z.lte(3650));
const names = z.array(z.string().check(z.minLength(1))).check(z.minLength(1));
const wholeAmount = minor.check(z.gte(0));
/** Minor units by currency (ISO 4217). */
const amounts = z.record(currency, wholeAmount);

/** What it says of the lines it fits: all that its conditions name; without a condition, every line. */
export const policyRule = z.strictObject({
  /** Cited by decisions; without one, its conditions are. */
  name: z.optional(z.string().check(z.minLength(1), z.maxLength(128))),
  /** As order lines name them, compared without case. */
  categories: z.optional(names),
  /** Of a marketplace, as order lines name them, compared without case. */
  sellers: z.optional(names),
  /** Where the customer lives, ISO 3166. */
  countries: z.optional(z.array(country).check(z.minLength(1))),
  /** `<source>` or `<source>:<account>`. */
  accounts: z.optional(names),

  /** Days after delivery within which goods come back. */
  windowDays: z.optional(days),
  returnable: z.optional(z.boolean()),
  /** Sold for good: always, or from a discount of so many percent on. */
  finalSale: z.optional(z.boolean()),
  finalSaleDiscountPercent: z.optional(percent),
  /** Kept from the refund for handling: percent of it and so much a return; at least, at most. */
  feePercent: z.optional(percent),
  feeFixed: z.optional(amounts),
  feeAtLeast: z.optional(amounts),
  feeAtMost: z.optional(amounts),
  /** What of the refund the seller bears, percent. */
  sellerBearsPercent: z.optional(percent),
  /** Largest refund that is approved without a person. A currency that no fitting rule names has none. */
  autoApproveUpTo: z.optional(amounts),
});
export type PolicyRule = z.infer<typeof policyRule>;

const forEverything = ({ categories, sellers, countries, accounts }: PolicyRule): boolean => (categories ?? sellers ?? countries ?? accounts) === undefined;
const saysForAll = (rules: readonly PolicyRule[], field: keyof PolicyRule): boolean => rules.some((rule) => forEverything(rule) && rule[field] !== undefined);

/** A merchant's return policy: data, versioned; every decision cites the version and the rule that decided. */
export const returnPolicy = z.strictObject({
  version: z.string().check(z.minLength(1), z.maxLength(48)),
  rules: z.array(policyRule).check(
    z.refine((rules) => saysForAll(rules, 'windowDays'), 'one rule without conditions must say windowDays'),
  ),
  holds: z.strictObject({
    /** From this many returns of one order on, a person looks. */
    returnsOfOrder: z.int().check(z.positive()),
    /** From this many returns of one customer within so many days on, over all orders. */
    returnsOfCustomer: z.strictObject({ count: z.int().check(z.positive()), days }),
    /** Ids of customers, and keys of orders, whose returns a person looks at: suspicion of fraud. */
    customers: z.array(z.string()),
    orders: z.array(z.string()),
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
export const shippedReturnPolicy = (): ReturnPolicy => parseReturnPolicy(shipped);
