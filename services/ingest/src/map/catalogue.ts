import { present } from '../convert/index.ts';
import { scopeOf, type Make } from './make.ts';
import { sequenceFrom } from './order.ts';
import { needed, type Read } from './read.ts';

/** Where a product of a catalogue has what. */
export interface ProductMap {
  readonly id: Read<string>;
  readonly sku?: Read<string>;
  readonly name: Read<string>;
  readonly category?: Read<string>;
  readonly categoryId?: Read<string>;
  /** Decimal text of major units. */
  readonly price?: Read<string>;
  readonly unitCost?: Read<string>;
  /** None: the account's. */
  readonly currency?: Read<string>;
  readonly seller?: Read<string>;
  readonly at: Read<string>;
  readonly version?: Read<string | number>;
}

export const catalogUpdated = (map: ProductMap): Make => (fields, context, outside) => {
  const outer = scopeOf(context, outside);
  const currency = map.currency?.(fields, outer) ?? context.account.currency;
  const scope = { ...outer, currency: currency ?? '' };
  const time = needed(map.at, fields, scope);
  const price = currency === undefined ? undefined : map.price?.(fields, scope);
  const unitCost = currency === undefined ? undefined : map.unitCost?.(fields, scope);
  const product = present({
    id: needed(map.id, fields, scope),
    sku: map.sku?.(fields, scope),
    name: needed(map.name, fields, scope),
    category: map.category?.(fields, scope),
    categoryId: map.categoryId?.(fields, scope),
    price,
    currency: price === undefined && unitCost === undefined ? undefined : currency,
    unitCost,
    seller: map.seller?.(fields, scope),
  });
  return [{ type: 'catalog.updated', time, sequence: sequenceFrom(map.version?.(fields, scope) ?? time), data: { product } }];
};

/** Where a count of stock has what. */
export interface StockMap {
  readonly productId: Read<string>;
  readonly location?: Read<string>;
  /** None: the stock of this thing is not kept, and nothing is said of it. */
  readonly quantity: Read<number>;
  readonly at: Read<string>;
}

export const inventoryCounted = (map: StockMap): Make => (fields, context, outside) => {
  const scope = scopeOf(context, outside);
  const quantity = map.quantity(fields, scope);
  if (quantity === undefined) return [];
  const countedAt = needed(map.at, fields, scope);
  const inventory = present({ productId: needed(map.productId, fields, scope), location: map.location?.(fields, scope), quantity, countedAt });
  return [{ type: 'inventory.counted', time: countedAt, sequence: sequenceFrom(countedAt), data: { inventory } }];
};
