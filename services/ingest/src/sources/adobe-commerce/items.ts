import type { Fields } from '../../convert/index.ts';
import { decimal, difference, each, major, type Read } from '../../map/index.ts';

const all = each('items');

/** The chosen variants and the parts of bundles stand below the item that was bought, which has its price; they count with it. */
export const bought = (order: Fields): readonly Fields[] => all(order).filter((item) => item.text('parent_item_id') === undefined);
const partsOf = (item: Fields, order: Fields | undefined): readonly Fields[] => (order === undefined ? [] : all(order).filter((one) => one.text('parent_item_id') !== undefined && one.text('parent_item_id') === item.text('item_id')));

/** An amount of the item itself and of its parts: a bundle priced by its parts has their discounts and taxes, not its own. */
const withParts = (name: string): Read<number> => (item, scope) => {
  const own = major(name)(item, scope);
  const parts = partsOf(item, scope.outer).map((part) => major(name)(part, scope)).filter((amount) => amount !== undefined);
  // a configurable item and its variant: what stands with the former is not counted twice
  return own !== undefined && own !== 0 ? own : parts.length === 0 ? own : parts.reduce((sum, amount) => sum + amount, 0);
};
export const discount = withParts('discount_amount');
export const tax = withParts('tax_amount');

/** `row_total` is without tax and before discounts. */
const row = major('row_total');
export const total: Read<number> = (item, scope) => (row(item, scope) === undefined ? undefined : difference(row, discount)(item, scope));
/** What a unit is of the row, which is exact, where there is a row. */
export const unitPrice: Read<string> = (item, scope) => (item.text('row_total') === undefined ? decimal('price')(item, scope) : undefined);

/** Costs are in the shop's base currency: they are told where the order is in the same. */
export const unitCost: Read<string> = (item, { outer: order }) => {
  if (order?.text('base_currency_code') !== undefined && order.text('base_currency_code') !== order.text('order_currency_code')) return undefined;
  const own = item.decimal('base_cost');
  const part = partsOf(item, order).filter((one) => one.decimal('base_cost') !== undefined);
  if (own !== undefined || part.length === 0) return own;
  // of the one variant; a bundle's parts may be several of a kind
  const [only] = part;
  return part.length === 1 && only?.decimal('qty_ordered') === item.decimal('qty_ordered') ? only?.decimal('base_cost') : undefined;
};

const many = (name: string): Read<number> => (item) => Number(item.decimal(name) ?? '0');
const goods = (order: Fields): readonly Fields[] => bought(order).filter((item) => !['1', 'true'].includes(String(item.raw('is_virtual'))));
/** How much of what has to be shipped was: all, part or nothing. */
export const shipped: Read<'SHIPPED' | 'PARTIAL' | 'UNFULFILLED'> = (order, scope) => {
  const sum = (name: string): number => goods(order).reduce((count, item) => count + (many(name)(item, scope) ?? 0), 0);
  const [sent, wanted] = [sum('qty_shipped'), sum('qty_ordered') - sum('qty_canceled') - sum('qty_refunded')];
  return sent === 0 ? 'UNFULFILLED' : sent >= wanted ? 'SHIPPED' : 'PARTIAL';
};

/** Rows of a credit memo. A variant's row repeats the SKU of the item that was bought, without its price. */
export const credited = (memo: Fields): readonly Fields[] => {
  const rows = all(memo);
  const priced = new Set(rows.filter((row) => Number(row.decimal('row_total') ?? '0') !== 0).map((row) => row.text('sku')));
  return rows.filter((row) => Number(row.decimal('row_total') ?? '0') !== 0 || !priced.has(row.text('sku')));
};
