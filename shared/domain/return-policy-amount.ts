/**
 * What coming back of the next `units` of a line is worth, minor units. The line's money is spread over its units by
 * rounding the running sum, so that all units together give exactly the line's total, in whatever portions they come
 * back. Where the order as a whole cost less than its lines (a discount on the order), the line counts in proportion.
 */
export function refundOfUnits(
  order: { readonly total: number; readonly shipping?: number | undefined; readonly lines: readonly { readonly total: number; readonly class?: string | undefined }[] },
  line: { readonly quantity: number; readonly total: number; readonly returned: number },
  units: number,
): number {
  if (line.quantity <= 0 || line.total <= 0) return 0;
  const goods = order.lines.filter((one) => (one.class ?? 'product') === 'product').reduce((sum, one) => sum + one.total, 0);
  const paidForGoods = Math.min(goods, Math.max(0, order.total - (order.shipping ?? 0)));
  // whole numbers throughout: a product of two amounts may pass 2^53
  const worth = goods > 0 ? Number((BigInt(line.total) * BigInt(paidForGoods)) / BigInt(goods)) : 0;
  const upTo = (count: number): number => Number((BigInt(worth) * BigInt(count) * 2n + BigInt(line.quantity)) / (2n * BigInt(line.quantity)));
  return upTo(Math.min(line.quantity, line.returned + units)) - upTo(Math.min(line.quantity, line.returned));
}
