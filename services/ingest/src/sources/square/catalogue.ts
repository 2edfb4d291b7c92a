import type { Fields } from '../../convert/index.ts';
import { catalogUpdated, currency, each, first, forEach, minor, ofOuter, price, text, time, type Make } from '../../map/index.ts';
import type { Items } from '../definition.ts';

const categoryId = text('item_data.reporting_category.id', 'item_data.categories.0.id', 'item_data.category_id');

/** What is sold and counted is a variation of an item: https://developer.squareup.com/reference/square/objects/CatalogItemVariation */
const variationsOf = (categories: ReadonlyMap<string, string>): Make => forEach(each('item_data.variations'), catalogUpdated({
  id: text('id'),
  sku: text('item_variation_data.sku'),
  name: (variation, scope) => {
    const words = [scope.outer && text('item_data.name')(scope.outer, scope), text('item_variation_data.name')(variation, scope)].filter((one) => one !== undefined);
    return words.length === 0 ? undefined : words.join(' ');
  },
  category: (variation, scope) => categories.get(ofOuter(categoryId)(variation, scope) ?? ''),
  categoryId: ofOuter(categoryId),
  price: price(minor('item_variation_data.price_money.amount')),
  currency: currency('item_variation_data.price_money.currency'),
  at: first(time('updated_at'), ofOuter(time('updated_at'))),
}));

/** One page of `GET /v2/catalog/list`. Names of categories are known as far as they stand in it. */
export const catalogue: Make = (page, context): Items => {
  const objects = page.list('objects');
  const ofType = (type: string): readonly Fields[] => objects.filter((object) => object.text('type') === type);
  const categories = new Map(ofType('CATEGORY').flatMap((one) => {
    const name = one.child('category_data')?.text('name');
    return name === undefined ? [] : [[one.id('id'), name] as const];
  }));
  const items = ofType('ITEM').flatMap((item) => variationsOf(categories)(item, context));
  return page.text('cursor') === undefined ? items : [...items, { code: 'pages', path: page.path('cursor'), message: 'names a further page, which is not read' }];
};
