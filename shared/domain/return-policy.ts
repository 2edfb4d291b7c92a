import type { LineClass } from '@orderflow/shared/events';
import { refundOfUnits } from './return-policy-amount.ts';
import type { ReturnPolicy } from './return-policy-schema.ts';

/** One line of the order as the policy sees it. Minor units. */
export interface BoughtLine {
  readonly id: string;
  readonly productId?: string | undefined;
  readonly sku?: string | undefined;
  readonly category?: string | undefined;
  readonly class?: LineClass | undefined;
  readonly quantity: number;
  readonly total: number;
  readonly discount?: number | undefined;
  /** Quantity that has come back by earlier decisions. */
  readonly returned: number;
  readonly damaged?: boolean | undefined;
}

/** The order behind a return. What is unknown is absent. */
export interface OrderFacts {
  readonly currency: string;
  /** What was paid and what was refunded by earlier decisions, minor units. */
  readonly paid: number;
  readonly refunded: number;
  readonly placedAt: string;
  readonly deliveredAt?: string | undefined;
  readonly promisedAt?: string | undefined;
  /** Order total and what of it was shipping, minor units: a discount on the whole order lowers what a line gives back. */
  readonly total: number;
  readonly shipping?: number | undefined;
  readonly customerId?: string | undefined;
  /** Returns of this order so far, this one not counted. */
  readonly earlierReturns: number;
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
  'no-lines', 'line-unknown', 'delivery-unknown', 'over-cap', 'currency-mismatch', 'hold-customer', 'hold-repeated',
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
  readonly granted: readonly GrantedLine[];
  /** Refund after the fee, minor units. */
  readonly amount: number;
  readonly fee: number;
  readonly partial: boolean;
  /** Numbers for the model and the audit row, by name. */
  readonly features: Readonly<Record<string, number>>;
}

const day = 86_400_000;
const daysBetween = (from: string, to: string): number => Math.floor((Date.parse(to) - Date.parse(from)) / day);
const same = (a: string, b: string | undefined): boolean => b !== undefined && a.toLowerCase() === b.toLowerCase();

const categoryRule = (policy: ReturnPolicy, line: BoughtLine) =>
  Object.entries(policy.categories).find(([name]) => same(name, line.category))?.[1] ?? {};

const isFinalSale = ({ finalSale }: ReturnPolicy, line: BoughtLine): boolean => {
  const gross = line.total + (line.discount ?? 0);
  const discount = gross > 0 ? (100 * (line.discount ?? 0)) / gross : 0;
  return finalSale.categories.some((name) => same(name, line.category)) || (discount > 0 && discount >= finalSale.discountPercent);
};

const find = (lines: readonly BoughtLine[], wanted: ReturnCase['lines'][number]): BoughtLine | undefined =>
  lines.find((line) => wanted.lineId !== undefined && line.id === wanted.lineId) ??
  (wanted.lineId === undefined
    ? lines.find((line) => (wanted.productId !== undefined && line.productId === wanted.productId) || (wanted.sku !== undefined && line.sku === wanted.sku))
    : undefined);

interface Wanted {
  readonly line: BoughtLine;
  readonly quantity: number;
}

/** What the request names, summed by line of the order; `undefined` where it names what the order does not have. */
function wantedLines(order: OrderFacts, request: ReturnCase): Wanted[] | undefined {
  const quantities = new Map<BoughtLine, number>();
  for (const one of request.lines) {
    const line = find(order.lines, one);
    if (line === undefined || one.quantity <= 0 || (line.class ?? 'product') !== 'product') return undefined;
    quantities.set(line, (quantities.get(line) ?? 0) + one.quantity);
  }
  return [...quantities].map(([line, quantity]) => ({ line, quantity }));
}

/** Why a line cannot come back, if so. Days count from delivery, or from the order where the delivery is not known. */
function objection(policy: ReturnPolicy, order: OrderFacts, { line }: Wanted, requestedAt: string): ReturnRule | undefined {
  const { returnable = true, windowDays = policy.windowDays } = categoryRule(policy, line);
  if (!returnable) return 'not-returnable';
  if (isFinalSale(policy, line)) return 'final-sale';
  if (line.quantity - line.returned <= 0) return 'quantity-exceeded';
  if (order.deliveredAt !== undefined && daysBetween(order.deliveredAt, requestedAt) > windowDays) return 'window-ended';
  return undefined;
}

const nothing = { granted: [], amount: 0, fee: 0, partial: false };

/**
 * The hard rules, in their order; pure. Rejects only by what the policy itself says; what it cannot judge goes to a person.
 * @param order absent: the return names no order
 */
export function checkReturn(policy: ReturnPolicy, order: OrderFacts | undefined, request: ReturnCase): PolicyVerdict {
  const stop = (verdict: 'REJECT' | 'REVIEW', rule: ReturnRule, features: PolicyVerdict['features'] = {}): PolicyVerdict => ({ verdict, rule, ...nothing, features });
  if (order === undefined) return stop('REVIEW', 'order-not-linked');
  if (order.lines.length === 0) return stop('REVIEW', 'details-unknown');
  if (request.lines.length === 0) return stop('REVIEW', 'no-lines');
  const wanted = wantedLines(order, request);
  if (wanted === undefined) return stop('REVIEW', 'line-unknown');

  const objections = wanted.map((one) => objection(policy, order, one, request.requestedAt));
  const first = objections.find((one) => one !== undefined);
  const allowed = wanted.filter((_, at) => objections[at] === undefined);
  const features = featuresOf(policy, order, request, wanted);
  if (allowed.length === 0 && first !== undefined) return stop('REJECT', first, features);
  if (order.paid - order.refunded <= 0) return stop('REJECT', 'nothing-paid', features);

  const granted = allowed.map(({ line, quantity }): GrantedLine => {
    const units = Math.min(quantity, line.quantity - line.returned);
    return { lineId: line.id, quantity: units, amount: refundOfUnits(order, line, units) };
  });
  const goods = granted.reduce((sum, line) => sum + line.amount, 0);
  const gross = Math.min(goods, request.amount ?? goods, order.paid - order.refunded);
  const fee = feeOf(policy, order, granted, gross);
  const partial = allowed.length < wanted.length || granted.some((line, at) => line.quantity < (allowed[at]?.quantity ?? 0)) || gross < (request.amount ?? goods);
  const cap = policy.autoApproveUpTo[order.currency] ?? 0;
  const result = { granted, amount: gross - fee, fee, partial, features: { ...features, amount: gross, capShare: cap === 0 ? 2 : Math.min(2, gross / cap), amountShare: Math.min(1, gross / order.paid) } };

  const windows = allowed.map(({ line }) => categoryRule(policy, line).windowDays ?? policy.windowDays);
  const rule: ReturnRule | undefined =
    // delivery is never before the order, so an order placed within the window was delivered within it
    order.deliveredAt === undefined && daysBetween(order.placedAt, request.requestedAt) > Math.min(...windows) ? 'delivery-unknown'
      : order.customerId !== undefined && policy.holds.customers.includes(order.customerId) ? 'hold-customer'
        : order.earlierReturns >= policy.holds.returnsOfOrder ? 'hold-repeated'
          : gross > cap ? 'over-cap'
            : undefined;
  return rule === undefined ? { verdict: 'OPEN', rule: first ?? 'within-policy', ...result } : { verdict: 'REVIEW', rule, ...result };
}

function feeOf(policy: ReturnPolicy, order: OrderFacts, granted: readonly GrantedLine[], gross: number): number {
  const goods = granted.reduce((sum, line) => sum + line.amount, 0);
  const fees = granted.reduce((sum, { lineId, amount }) => {
    const line = order.lines.find((one) => one.id === lineId);
    return sum + (line ? (amount * (categoryRule(policy, line).feePercent ?? 0)) / 100 : 0);
  }, 0);
  return goods === 0 ? 0 : Math.min(gross, Math.round((fees * gross) / goods));
}

function featuresOf(policy: ReturnPolicy, order: OrderFacts, request: ReturnCase, wanted: readonly Wanted[]): Record<string, number> {
  const windows = wanted.map(({ line }) => categoryRule(policy, line).windowDays ?? policy.windowDays);
  const bought = wanted.reduce((sum, { line }) => sum + line.quantity, 0);
  const back = wanted.reduce((sum, { line, quantity }) => sum + line.returned + quantity, 0);
  return {
    ...(order.deliveredAt === undefined ? {} : { daysSinceDelivery: Math.max(0, daysBetween(order.deliveredAt, request.requestedAt)) }),
    windowDays: Math.min(...windows),
    quantityShare: bought > 0 ? Math.min(1, back / bought) : 1,
    damagedInTransit: Number(wanted.some(({ line }) => line.damaged === true)),
    daysLate: order.deliveredAt !== undefined && order.promisedAt !== undefined ? Math.max(0, daysBetween(order.promisedAt, order.deliveredAt)) : 0,
    earlierReturns: order.earlierReturns,
  };
}
