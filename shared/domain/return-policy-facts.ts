import type { LineClass } from '@orderflow/shared/events';

/** One line of the order as the policy sees it. Minor units. */
export interface BoughtLine {
  readonly id: string;
  readonly productId?: string | undefined;
  readonly sku?: string | undefined;
  readonly category?: string | undefined;
  readonly seller?: string | undefined;
  /** Days after delivery that the catalogue names for its category. */
  readonly returnByDays?: number | undefined;
  readonly class?: LineClass | undefined;
  readonly quantity: number;
  readonly total: number;
  readonly discount?: number | undefined;
  /** Within the total or on top of it, as the source counts it. */
  readonly tax?: number | undefined;
  /** Quantity that has come back by earlier decisions. */
  readonly returned: number;
  readonly damaged?: boolean | undefined;
}

/** The order behind a return. What is unknown is absent. */
export interface OrderFacts {
  /** `<source>:<account>:<order id>` */
  readonly key?: string | undefined;
  /** Where the customer lives, ISO 3166. */
  readonly country?: string | undefined;
  readonly currency: string;
  /** What was paid and what was refunded by earlier decisions, minor units. */
  readonly paid: number;
  readonly refunded: number;
  readonly placedAt: string;
  readonly deliveredAt?: string | undefined;
  readonly promisedAt?: string | undefined;
  /**
   * Order total, what of it does not come back, and tax that its lines do not contain, minor units: a discount on the whole
   * order lowers what a line gives back, tax on top raises it.
   */
  readonly total: number;
  readonly shipping?: number | undefined;
  readonly taxOnTop?: number | undefined;
  readonly customerId?: string | undefined;
  /** Returns of this order so far, this one not counted. */
  readonly earlierReturns: number;
  /** Returns that the customer asked for within the policy's days before this one, of all orders; absent beside a customer: they could not be counted. */
  readonly returnsOfCustomer?: number | undefined;
  readonly lines: readonly BoughtLine[];
}

export interface ReturnCase {
  readonly requestedAt: string;
  /** What the customer asks for, minor units. */
  readonly amount?: number;
  readonly lines: readonly { readonly lineId?: string; readonly productId?: string; readonly sku?: string; readonly quantity: number }[];
}

export const returnRules = [
  'within-policy', 'window-ended', 'not-returnable', 'final-sale', 'quantity-exceeded', 'nothing-paid', 'order-not-linked',
  'no-lines', 'line-unknown', 'delivery-unknown', 'over-cap', 'currency-mismatch', 'hold-fraud', 'hold-repeated', 'hold-repeat-returner',
  'details-unknown', 'refund-refused',
] as const;
export type ReturnRule = (typeof returnRules)[number];

export interface GrantedLine {
  /** Id of the order's line. */
  readonly lineId: string;
  readonly quantity: number;
  /** Minor units, before the fee. */
  readonly amount: number;
}

/**
 * `REJECT`: a hard rule forbids it all. `REVIEW`: a person must look. `OPEN`: no rule forbids it; the model may read the
 * words. `granted`, `amount` and `fee` are what an approval would book; `partial` when that is less than was asked for.
 */
export interface PolicyVerdict {
  readonly verdict: 'REJECT' | 'REVIEW' | 'OPEN';
  readonly rule: ReturnRule;
  /** Which entry of the policy the rule is from; absent where no entry decided. */
  readonly ruleSource?: string;
  readonly granted: readonly GrantedLine[];
  /** What was asked for and is not granted, and why; ids are of the order's lines. */
  readonly leftOut: readonly { readonly lineId: string; readonly quantity: number; readonly rule: ReturnRule }[];
  /** Refund after the fee, minor units. */
  readonly amount: number;
  readonly fee: number;
  /** What of the refund each seller is charged, minor units. */
  readonly sellerCharges: Readonly<Record<string, number>>;
  readonly partial: boolean;
  /** Numbers for the model and the audit row, by name. */
  readonly features: Readonly<Record<string, number>>;
}
