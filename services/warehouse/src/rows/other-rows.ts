import { composeKey } from '@orderflow/shared/events';
import { optionalDecimal } from './money.ts';
import { fromCatalogue } from './order-rows.ts';
import { add, addHistory, dayOf, type FactOf, type Rows } from './rows.ts';
import { group, groupIfKnown } from './version.ts';

/** A product of the catalogue, with its category and seller. */
export function catalogRows(fact: FactOf<'catalog.updated'>): Rows {
  const { product } = fact.payload;
  const of = { source: fact.source, account: fact.account };
  const version = fromCatalogue(fact.sequence);
  const rows: Rows = {};
  const categoryName = product.categoryId ?? product.category;
  const category = categoryName === undefined ? null : composeKey(of.source, of.account, categoryName);
  const seller = product.seller === undefined ? null : composeKey(of.source, of.account, product.seller);
  if (category !== null) {
    add(rows, 'category', {
      category_key: category, ...of, category_id: product.categoryId ?? null, ...groupIfKnown('name', version, { name: product.category ?? null }),
      ...groupIfKnown('return', version, { return_by_days: product.returnByDays ?? null }),
    });
  }
  if (seller !== null) add(rows, 'seller', { seller_key: seller, ...of, ...group('name', version, { name: product.seller ?? null }) });
  const key = composeKey(of.source, of.account, product.id);
  const price = product.price === undefined ? {} : group('price', version, { price: product.price, price_currency: product.currency ?? null });
  const belongs = groupIfKnown('category', version, { category_key: category });
  addHistory(rows, 'product_history', { product_key: key, valid_day: dayOf(fact.occurredAt ?? fact.recordedAt) }, {
    ...price, ...belongs,
    ...(product.unitCost === undefined ? {} : group('cost', version, { unit_cost: product.unitCost, cost_currency: product.currency ?? null })),
  });
  add(rows, 'product', {
    product_key: key, ...of, product_id: product.id,
    ...group('name', version, { name: product.name, sku: product.sku ?? null }),
    ...belongs,
    ...groupIfKnown('seller', version, { seller_key: seller }),
    ...price,
    ...groupIfKnown('cost', version, { unit_cost: product.unitCost ?? null }),
    ...groupIfKnown('dates', version, { mfg_date: product.manufacturedOn ?? null, exp_date: product.expiresOn ?? null }),
  });
  return rows;
}

export function inventoryRows(fact: FactOf<'inventory.counted'>): Rows {
  const { inventory } = fact.payload;
  return {
    inventory_count: [{
      product_key: composeKey(fact.source, fact.account, inventory.productId), location: inventory.location ?? '-', counted_at: inventory.countedAt,
      ...group('count', fact.sequence, {
        source: fact.source, account: fact.account, quantity: inventory.quantity, unit_cost: inventory.unitCost ?? null, currency: inventory.currency ?? null,
      }),
    }],
  };
}

export function feedbackRows(fact: FactOf<'feedback.received'>): Rows {
  const { feedback } = fact.payload;
  return {
    feedback: [{
      feedback_key: composeKey(fact.source, fact.account, feedback.id),
      ...group('feedback', fact.sequence, {
        source: fact.source, account: fact.account, feedback_id: feedback.id, kind: feedback.kind, order_key: feedback.orderKey ?? null,
        product_key: feedback.productId === undefined ? null : composeKey(fact.source, fact.account, feedback.productId),
        rating: feedback.rating ?? null, scale: feedback.scale ?? null, comment: feedback.comment ?? null, given_at: feedback.givenAt,
      }),
    }],
  };
}

export function adjustmentRows(fact: FactOf<'adjustment.recorded'>): Rows {
  const { adjustment } = fact.payload;
  return {
    adjustment: [{
      adjustment_key: composeKey(fact.source, fact.account, adjustment.id),
      ...group('adjustment', fact.sequence, {
        source: fact.source, account: fact.account, adjustment_id: adjustment.id, kind: adjustment.kind, order_key: adjustment.orderKey ?? null,
        product_key: adjustment.productId === undefined ? null : composeKey(fact.source, fact.account, adjustment.productId),
        quantity: adjustment.quantity ?? null, amount: optionalDecimal(adjustment.amount, adjustment.currency), currency: adjustment.currency ?? null,
        reason: adjustment.reason ?? null, adjusted_at: adjustment.at, is_historical: adjustment.historical ?? fact.historical ?? false,
      }),
    }],
  };
}

const scoredTables = {
  order: { table: 'orders', key: 'order_key' },
  return: { table: 'returns', key: 'return_key' },
  feedback: { table: 'feedback', key: 'feedback_key' },
} as const;

/** The model's score of a comment: a group of its own in the row that the comment is in. */
export function scoreRows(fact: FactOf<'comment.scored'>): Rows {
  const { payload } = fact;
  const { table, key } = scoredTables[payload.of];
  const content = { sentiment: payload.label, sentiment_score: payload.score, sentiment_model: payload.modelVersion };
  return { [table]: [{ [key]: payload.key, ...group('sentiment', fact.sequence, content) }] };
}
