/** A line of an order as far as its money goes. Minor units. */
export interface PaidLine {
  readonly total: number;
  readonly class?: string | undefined;
  /** Within the total or on top of it, as the source counts it. */
  readonly tax?: number | undefined;
}

/** An order as far as its money goes. Minor units. */
export interface PaidOrder {
  readonly total: number;
  /** What of the total was for shipping and all else that does not come back. */
  readonly shipping?: number | undefined;
  /** Tax on goods that lines do not contain. */
  readonly taxOnTop?: number | undefined;
  readonly lines: readonly PaidLine[];
}

export const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
export const isGoods = ({ class: kind = 'product', total }: PaidLine): boolean => kind === 'product' && total > 0;
export const taxOf = (lines: readonly PaidLine[]): number => sum(lines.map(({ tax = 0 }) => tax));
const totalOf = (lines: readonly PaidLine[]): number => sum(lines.map(({ total }) => total));
const beside = (lines: readonly PaidLine[]): PaidLine[] => lines.filter((line) => !isGoods(line) && line.total > 0);

/** What was paid for goods with the tax on them: the total without what does not come back, never more than they cost. Minor units. */
export function paidForGoods({ total, shipping = 0, taxOnTop = 0, lines }: PaidOrder): number {
  return Math.min(totalOf(lines.filter(isGoods)) + Math.max(0, taxOnTop), Math.max(0, total - Math.max(shipping, totalOf(beside(lines)))));
}

/**
 * What of an order does not come back, and the tax on its goods that stands beside the lines; minor units. No source says
 * whether shipping in the header is told again by lines, nor whether lines contain their tax: the reading counts by which
 * lines, postage, tax and discounts add up to the total. Where none does, but for a minor unit a line (tax rounded line by
 * line), goods cost what their lines say. Tax that lines do not claim for goods was for postage and fees.
 */
export function readMoney(order: PaidOrder & { readonly tax?: number | undefined; readonly discount?: number | undefined }): { shipping: number; taxOnTop: number } {
  const { total, shipping = 0, tax = 0, discount = 0, lines } = order;
  const goods = lines.filter(isGoods);
  const others = totalOf(beside(lines));
  const postage = totalOf(beside(lines).filter((line) => line.class === 'postage'));
  const toldAgain = Math.max(shipping, others);
  const readings = [toldAgain, Math.max(shipping, postage) + others - postage].flatMap((apart) =>
    [0, Math.abs(discount), -totalOf(lines.filter((line) => line.total < 0))].map((less) => ({ apart, more: total - totalOf(goods) - apart + less })));
  const off = (value: number, most: number): boolean => Math.abs(value) <= most;
  const reading = readings.find(({ more }) => more === 0 || more === tax) ?? readings.find(({ more }) => off(more - tax, lines.length)) ?? readings.find(({ more }) => off(more, lines.length));
  if (reading === undefined) return { shipping: toldAgain, taxOnTop: 0 };
  if (tax <= 0 || off(reading.more, 0) || !off(reading.more - tax, lines.length)) return { shipping: reading.apart, taxOnTop: 0 };
  const claimed = taxOf(goods);
  const onGoods = goods.every((line) => line.tax !== undefined && line.tax >= 0) && claimed <= tax ? claimed : tax;
  return { shipping: reading.apart + tax - onGoods, taxOnTop: onGoods };
}
