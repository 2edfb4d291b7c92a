import {
  accountCurrency, always, catalogUpdated, decimal, difference, each, eventsOf, first, forEach, inventoryCounted, joined, major, ofOuter, orderCreated,
  returnRequested, sumOf, text, then, time, type LineMap, type OrderMap, type Read,
} from '../../map/index.ts';

const cancelled = time('cancelled_at');
const unless = <T extends string>(otherwise: T, when: T): Read<T> => first(then(cancelled, () => when), always(otherwise));

/** The note of the receipt, then those of its lines. */
const notes: Read<string> = (receipt) => {
  const found = [receipt.text('note'), ...receipt.list('line_items').map((line) => line.text('line_note'))].filter((note) => note !== undefined);
  return found.length === 0 ? undefined : found.join('; ');
};

/** `price` is without modifiers, so that what a unit costs is taken from the whole: before `total_discount`, without added taxes. */
const line: LineMap = {
  id: text('id'),
  // prices, costs and stock are those of the variant
  productId: text('variant_id', 'item_id'),
  sku: text('sku'),
  name: joined('item_name', 'variant_name'),
  quantity: decimal('quantity'),
  discount: major('total_discount'),
  tax: sumOf('line_taxes', major('money_amount')),
  total: difference(major('gross_total_money'), major('total_discount')),
  unitCost: decimal('cost'),
};

/** https://developer.loyverse.com/docs/#tag/Receipts : a receipt is made when the goods are handed over and paid. */
const order: OrderMap = {
  id: text('receipt_number'),
  number: text('order', 'receipt_number'),
  placedAt: time(['receipt_date', 'created_at']),
  version: time(['updated_at', 'created_at']),
  status: unless('COMPLETED', 'CANCELLED'),
  currency: accountCurrency,
  total: major('total_money'),
  discount: major('total_discount'),
  tax: major('total_tax'),
  payment: { status: unless('PAID', 'VOIDED'), method: text('payments.0.type', 'payments.0.name') },
  fulfilment: { status: unless('DELIVERED', 'CANCELLED') },
  customer: { id: text('customer_id') },
  store: { id: text('store_id') },
  lines: { of: each('line_items'), map: line },
  comment: notes,
};

const back = (read: Read<number>): Read<number> => then(read, Math.abs);

const refund = returnRequested({
  id: text('receipt_number'),
  orderId: text('refund_for'),
  requestedAt: time(['receipt_date', 'created_at']),
  version: time(['updated_at', 'created_at']),
  decided: unless('APPROVED', 'REJECTED'),
  comment: notes,
  currency: accountCurrency,
  amount: back(major('total_money')),
  customerId: text('customer_id'),
  store: text('store_id'),
  lines: { of: each('line_items'), map: { ...line, amount: back(major('total_money', 'gross_total_money')) } },
});

/** An item names its category by id only; each of its variants is a product. */
const item = forEach(each('variants'), catalogUpdated({
  id: text('variant_id'),
  sku: text('sku'),
  name: (variant, scope) => {
    const words = [scope.outer?.text('item_name'), ...['option1_value', 'option2_value', 'option3_value'].map((name) => variant.text(name))].filter((word) => word !== undefined);
    return words.length === 0 ? undefined : words.join(' ');
  },
  categoryId: ofOuter(text('category_id')),
  price: decimal('default_price'),
  unitCost: decimal('cost'),
  at: first(time(['updated_at', 'created_at']), ofOuter(time(['updated_at', 'created_at']))),
}));

/** The stock of a variant at a store; of what is weighed whole units count. */
const stock = inventoryCounted({
  productId: text('variant_id'),
  location: text('store_id'),
  quantity: then(decimal('in_stock'), (count) => Math.floor(Number(count))),
  at: time('updated_at'),
});

/** One thing of a webhook's list → canonical events. */
export const toEvents = eventsOf({
  'order.created': orderCreated(order), 'return.requested': refund, 'catalog.updated': item, 'inventory.counted': stock,
});
