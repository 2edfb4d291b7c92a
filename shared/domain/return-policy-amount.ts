import { isGoods, paidForGoods, sum, taxOf, type PaidLine, type PaidOrder } from './return-policy-paid.ts';
import type { ReturnPolicy } from './return-policy-schema.ts';
import { termsOf, type TermsOf } from './return-policy-terms.ts';

/** `value · part / whole`, rounded down. Whole numbers throughout: a product of two amounts may pass 2^53. */
const proportion = (value: number, part: number, whole: number): number => Number((BigInt(value) * BigInt(part)) / BigInt(whole));

/**
 * What of the order's money a line stands for. Discounts on the order and tax on top of it are spread over the lines: tax as
 * the lines tell it where their taxes add up to it, else in proportion. The running sum is rounded, so that all lines
 * together are worth exactly what was paid for goods, and none differs from its share by a whole minor unit.
 */
function worthOf(order: PaidOrder, line: PaidLine): number {
  const products = order.lines.filter(isGoods);
  const at = products.indexOf(line);
  if (at < 0) return 0;
  const taxed = taxOf(products) === (order.taxOnTop ?? 0) && products.every(({ tax = 0 }) => tax >= 0);
  const weight = (lines: readonly PaidLine[]): number => sum(lines.map(({ total }) => total)) + (taxed ? taxOf(lines) : 0);
  const [whole, before] = [weight(products), weight(products.slice(0, at))];
  const paid = paidForGoods(order);
  return proportion(before + weight([line]), paid, whole) - proportion(before, paid, whole);
}

/**
 * What coming back of the next `units` of a line is worth, minor units. The line's money is spread over its units by
 * rounding the running sum, so that all units together give exactly the line's worth, in whatever portions they come back.
 * @param line one of the order's own lines (the same object); any other is worth nothing
 */
export function refundOfUnits(order: PaidOrder, line: PaidLine & { readonly quantity: number; readonly returned: number }, units: number): number {
  if (line.quantity <= 0) return 0;
  const worth = worthOf(order, line);
  const upTo = (count: number): number => Number((BigInt(worth) * BigInt(count) * 2n + BigInt(line.quantity)) / (2n * BigInt(line.quantity)));
  return upTo(Math.min(line.quantity, line.returned + units)) - upTo(Math.min(line.quantity, line.returned));
}

/**
 * The fee of a return, minor units, 0 … `gross`: percent of each line's share, the largest fixed fee of its lines once,
 * within the largest least and the smallest most of them.
 * @param gross what is refunded before the fee; less than the lines' sum where less was asked for or paid
 */
export function feeOf(policy: ReturnPolicy, currency: string, granted: readonly { readonly terms: TermsOf; readonly amount: number }[], gross: number): number {
  const goods = sum(granted.map(({ amount }) => amount));
  if (goods <= 0) return 0;
  const terms = granted.map(({ terms: line, amount }) => ({ term: termsOf(policy, line), amount }));
  const byPercent = Math.round((sum(terms.map(({ term, amount }) => (amount * (term((rule) => rule.feePercent)?.value ?? 0)) / 100)) * gross) / goods);
  const amounts = (field: 'feeFixed' | 'feeAtLeast' | 'feeAtMost'): number[] => terms.flatMap(({ term }) => term((rule) => rule[field]?.[currency])?.value ?? []);
  const fee = Math.max(byPercent + Math.max(0, ...amounts('feeFixed')), ...amounts('feeAtLeast'));
  return Math.min(gross, fee, ...amounts('feeAtMost'));
}

/** Amounts by name, times a factor, in whole minor units: their running sum is rounded half up, so that together they are as exact as one. */
export function scaled(amounts: Readonly<Record<string, number>>, factor: number): Record<string, number> {
  let before = 0;
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => {
    const upTo = before + amount;
    const share = Math.round(upTo * factor) - Math.round(before * factor);
    before = upTo;
    return [name, share];
  }));
}

/** What of a refund each seller is charged, minor units: the percent that its lines' terms say. A line without a seller charges nobody. */
export function sellersBear(policy: ReturnPolicy, granted: readonly { readonly terms: TermsOf; readonly amount: number }[], refund: number): Record<string, number> {
  const goods = sum(granted.map(({ amount }) => amount));
  const borne = new Map<string, number>();
  for (const { terms, amount } of granted) {
    const percent = termsOf(policy, terms)((rule) => rule.sellerBearsPercent)?.value ?? 0;
    if (terms.seller !== undefined && amount > 0 && percent > 0) borne.set(terms.seller, (borne.get(terms.seller) ?? 0) + (amount * percent) / 100);
  }
  return goods <= 0 ? {} : scaled(Object.fromEntries(borne), refund / goods);
}
