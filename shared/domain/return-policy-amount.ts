/** A line of an order as far as its money goes. Minor units. */
export interface PaidLine {
  readonly total: number;
  readonly class?: string | undefined;
}

/** `value · part / whole`, rounded down. Whole numbers throughout: a product of two amounts may pass 2^53. */
const proportion = (value: number, part: number, whole: number): number => Number((BigInt(value) * BigInt(part)) / BigInt(whole));

/**
 * What of the order's money a line stands for. Where the order as a whole cost less than its lines (a discount on the
 * order), lines count in proportion; the running sum is rounded, so that all lines together are worth exactly what was
 * paid for goods, and none differs from its share by a whole minor unit.
 */
function worthOf(order: { readonly total: number; readonly shipping?: number | undefined; readonly lines: readonly PaidLine[] }, line: PaidLine): number {
  const products = order.lines.filter((one) => (one.class ?? 'product') === 'product' && one.total > 0);
  const at = products.indexOf(line);
  if (at < 0) return 0;
  const sum = (lines: readonly PaidLine[]): number => lines.reduce((total, one) => total + one.total, 0);
  const goods = sum(products);
  const paidForGoods = Math.min(goods, Math.max(0, order.total - (order.shipping ?? 0)));
  const before = sum(products.slice(0, at));
  return proportion(before + line.total, paidForGoods, goods) - proportion(before, paidForGoods, goods);
}

/**
 * What coming back of the next `units` of a line is worth, minor units. The line's money is spread over its units by
 * rounding the running sum, so that all units together give exactly the line's worth, in whatever portions they come back.
 * @param line one of the order's own lines (the same object); any other is worth nothing
 */
export function refundOfUnits(
  order: { readonly total: number; readonly shipping?: number | undefined; readonly lines: readonly PaidLine[] },
  line: PaidLine & { readonly quantity: number; readonly returned: number },
  units: number,
): number {
  if (line.quantity <= 0) return 0;
  const worth = worthOf(order, line);
  const upTo = (count: number): number => Number((BigInt(worth) * BigInt(count) * 2n + BigInt(line.quantity)) / (2n * BigInt(line.quantity)));
  return upTo(Math.min(line.quantity, line.returned + units)) - upTo(Math.min(line.quantity, line.returned));
}
