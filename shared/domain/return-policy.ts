import { feeOf, refundOfUnits, sellersBear } from './return-policy-amount.ts';
import type { BoughtLine, GrantedLine, OrderFacts, PolicyVerdict, ReturnCase, ReturnRule } from './return-policy-facts.ts';
import type { ReturnPolicy } from './return-policy-schema.ts';
import { termsOf, type Term, type TermsOf } from './return-policy-terms.ts';

const day = 86_400_000;
const daysBetween = (from: string, to: string): number => Math.floor((Date.parse(to) - Date.parse(from)) / day);

/** What rules are held against: the line, and what it shares with the whole order. */
const termsFor = ({ key, country }: OrderFacts, { category, seller, returnByDays }: BoughtLine): TermsOf => ({ category, seller, returnByDays, country, account: key?.split(':').slice(0, 2).join(':') });

const windowOf = (policy: ReturnPolicy, order: OrderFacts, line: BoughtLine): Term<number> =>
  termsOf(policy, termsFor(order, line))((rule) => rule.windowDays) ?? { value: 0, source: 'everything' };

const discountPercent = ({ total, discount = 0 }: BoughtLine): number => (total + discount > 0 ? (100 * discount) / (total + discount) : 0);

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

interface Objection {
  readonly rule: ReturnRule;
  readonly source?: string | undefined;
}

/** Why a line cannot come back, if so. Days count from delivery, or from the order where the delivery is not known. */
function objection(policy: ReturnPolicy, order: OrderFacts, { line }: Wanted, requestedAt: string): Objection | undefined {
  const term = termsOf(policy, termsFor(order, line));
  const returnable = term((rule) => rule.returnable);
  if (returnable?.value === false) return { rule: 'not-returnable', source: returnable.source };
  const final = term((rule) => rule.finalSale);
  if (final?.value === true) return { rule: 'final-sale', source: final.source };
  const reduced = term((rule) => rule.finalSaleDiscountPercent);
  const discount = discountPercent(line);
  if (reduced !== undefined && discount > 0 && discount >= reduced.value) return { rule: 'final-sale', source: reduced.source };
  if (line.quantity - line.returned <= 0) return { rule: 'quantity-exceeded' };
  const window = windowOf(policy, order, line);
  if (order.deliveredAt !== undefined && daysBetween(order.deliveredAt, requestedAt) > window.value) return { rule: 'window-ended', source: window.source };
  return undefined;
}

const nothing = { granted: [], leftOut: [], amount: 0, fee: 0, sellerCharges: {}, partial: false };
const citing = ({ rule, source }: Objection) => ({ rule, ...(source === undefined ? {} : { ruleSource: source }) });

/**
 * The hard rules, in their order; pure. Rejects only by what the policy itself says; what it cannot judge goes to a person.
 * @param order absent: the return names no order
 */
export function checkReturn(policy: ReturnPolicy, order: OrderFacts | undefined, request: ReturnCase): PolicyVerdict {
  const stop = (verdict: 'REJECT' | 'REVIEW', why: Objection, features: PolicyVerdict['features'] = {}): PolicyVerdict => ({ verdict, ...citing(why), ...nothing, features });
  if (order === undefined) return stop('REVIEW', { rule: 'order-not-linked' });
  if (order.lines.length === 0) return stop('REVIEW', { rule: 'details-unknown' });
  if (request.lines.length === 0) return stop('REVIEW', { rule: 'no-lines' });
  const wanted = wantedLines(order, request);
  if (wanted === undefined) return stop('REVIEW', { rule: 'line-unknown' });

  const objections = wanted.map((one) => objection(policy, order, one, request.requestedAt));
  const first = objections.find((one) => one !== undefined);
  const allowed = wanted.filter((_, at) => objections[at] === undefined);
  const features = featuresOf(policy, order, request, wanted);
  if (allowed.length === 0 && first !== undefined) return stop('REJECT', first, features);
  if (order.paid - order.refunded <= 0) return stop('REJECT', { rule: 'nothing-paid' }, features);

  const offer = offerOf(policy, order, request, allowed);
  const cap = leastCap(policy, order, allowed);
  const result = {
    granted: offer.granted, leftOut: leftOutOf(wanted, objections), amount: offer.amount, fee: offer.fee, sellerCharges: offer.sellerCharges, partial: allowed.length < wanted.length || offer.less,
    features: { ...features, amount: offer.gross, capShare: cap.value === 0 ? 2 : Math.min(2, offer.gross / cap.value), amountShare: Math.min(1, offer.gross / order.paid) },
  };
  const doubt = doubtOf(policy, order, request, allowed, offer.gross > cap.value ? cap.source : undefined);
  if (doubt !== undefined) return { verdict: 'REVIEW', ...citing(doubt), ...result };
  return { verdict: 'OPEN', ...citing(first ?? { rule: 'within-policy', source: allowed[0] && windowOf(policy, order, allowed[0].line).source }), ...result };
}

/** Lines that may not come back at all, and units beyond what was bought and is not back yet. */
const leftOutOf = (wanted: readonly Wanted[], objections: readonly (Objection | undefined)[]): PolicyVerdict['leftOut'] =>
  wanted.flatMap(({ line, quantity }, at) => {
    const left = Math.min(quantity, line.quantity - line.returned);
    const { rule = 'quantity-exceeded' } = objections[at] ?? {};
    const out = objections[at] === undefined ? quantity - left : quantity;
    return out > 0 ? [{ lineId: line.id, quantity: out, rule }] : [];
  });

/** What an approval of these lines would give back: never more than was asked for, or than is left of what was paid. */
function offerOf(policy: ReturnPolicy, order: OrderFacts, request: ReturnCase, allowed: readonly Wanted[]) {
  const lines = allowed.map(({ line, quantity }) => {
    const units = Math.min(quantity, line.quantity - line.returned);
    return { terms: termsFor(order, line), lineId: line.id, quantity: units, amount: refundOfUnits(order, line, units), less: units < quantity };
  });
  const goods = lines.reduce((sum, { amount }) => sum + amount, 0);
  const gross = Math.min(goods, request.amount ?? goods, order.paid - order.refunded);
  const fee = feeOf(policy, order.currency, lines, gross);
  return {
    granted: lines.map(({ lineId, quantity, amount }): GrantedLine => ({ lineId, quantity, amount })),
    gross, fee, amount: gross - fee, sellerCharges: sellersBear(policy, lines, gross - fee), less: lines.some(({ less }) => less) || gross < (request.amount ?? goods),
  };
}

/** The smallest cap of the lines: what may be approved without a person. */
const leastCap = (policy: ReturnPolicy, order: OrderFacts, allowed: readonly Wanted[]): Term<number> =>
  allowed.map(({ line }) => termsOf(policy, termsFor(order, line))((rule) => rule.autoApproveUpTo?.[order.currency]) ?? { value: 0, source: 'everything' })
    .reduce((least, cap) => (cap.value < least.value ? cap : least));

/** Why a person must look at what no rule forbids, if so. */
function doubtOf(policy: ReturnPolicy, order: OrderFacts, request: ReturnCase, allowed: readonly Wanted[], overCap: string | undefined): Objection | undefined {
  const { holds } = policy;
  const window = Math.min(...allowed.map(({ line }) => windowOf(policy, order, line).value));
  // delivery is never before the order, so an order placed within the window was delivered within it
  if (order.deliveredAt === undefined && daysBetween(order.placedAt, request.requestedAt) > window) return { rule: 'delivery-unknown' };
  if (order.customerId !== undefined && holds.customers.includes(order.customerId)) return { rule: 'hold-fraud', source: 'holds.customers' };
  if (order.key !== undefined && holds.orders.includes(order.key)) return { rule: 'hold-fraud', source: 'holds.orders' };
  if (order.earlierReturns >= holds.returnsOfOrder) return { rule: 'hold-repeated', source: 'holds.returnsOfOrder' };
  // a customer whose returns could not be counted may be anybody
  if (order.customerId !== undefined && order.returnsOfCustomer === undefined) return { rule: 'details-unknown' };
  if ((order.returnsOfCustomer ?? 0) >= holds.returnsOfCustomer.count) return { rule: 'hold-repeat-returner', source: 'holds.returnsOfCustomer' };
  return overCap === undefined ? undefined : { rule: 'over-cap', source: overCap };
}

function featuresOf(policy: ReturnPolicy, order: OrderFacts, request: ReturnCase, wanted: readonly Wanted[]): Record<string, number> {
  const windows = wanted.map(({ line }) => windowOf(policy, order, line).value);
  const bought = wanted.reduce((sum, { line }) => sum + line.quantity, 0);
  const back = wanted.reduce((sum, { line, quantity }) => sum + line.returned + quantity, 0);
  return {
    ...(order.deliveredAt === undefined ? {} : { daysSinceDelivery: Math.max(0, daysBetween(order.deliveredAt, request.requestedAt)) }),
    windowDays: Math.min(...windows),
    quantityShare: bought > 0 ? Math.min(1, back / bought) : 1,
    damagedInTransit: Number(wanted.some(({ line }) => line.damaged === true)),
    daysLate: order.deliveredAt !== undefined && order.promisedAt !== undefined ? Math.max(0, daysBetween(order.promisedAt, order.deliveredAt)) : 0,
    earlierReturns: order.earlierReturns,
    ...(order.returnsOfCustomer === undefined ? {} : { returnsOfCustomer: order.returnsOfCustomer }),
  };
}
