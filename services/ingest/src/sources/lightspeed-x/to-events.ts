import { exact, exactText, moneyOfDecimal, sum, type Fields } from '../../convert/index.ts';
import {
  accountCurrency, catalogUpdated, country, decimal, each, eventsOf, first, inventoryCounted, joined, known, major, needed, orderCreated, picked,
  returnRequested, text, then, time, word, type Make, type OrderMap, type Read, type Scope,
} from '../../map/index.ts';

/** Times are UTC and mostly written without a zone (https://x-series-api.lightspeedhq.com/docs/dates_and_times). */
const utc = (...paths: readonly string[]) => time(paths, 'utc');
const whenReceived: Read<string> = (_, { now }) => new Date(now).toISOString();

const isReturn = (sale: Fields): boolean => sale.text('return_for') !== undefined;
const comesBack = (line: Fields): boolean => line.decimal('quantity')?.startsWith('-') ?? false;
const products = each('register_sale_products');
/** What was sold, and what came back: an exchange is a sale that has both. */
const sold = (sale: Fields): readonly Fields[] => (isReturn(sale) ? products(sale).filter((line) => !comesBack(line)) : products(sale));
const back = (sale: Fields): readonly Fields[] => products(sale).filter(comesBack);

const lineTotal = major('price_total');
const lineTax = major('tax_total');
const withTax: Read<number> = (line, scope) => needed(lineTotal, line, scope) + (lineTax(line, scope) ?? 0);
const over = (lines: readonly Fields[], scope: Scope): number => lines.reduce((total, line) => total + (withTax(line, scope) ?? 0), 0);
const positive = (read: Read<number>): Read<number> => then(read, Math.abs);

/** `price` is what one unit cost after `discount`, which is that of one unit, too. */
const unitPrice: Read<string> = (line) => {
  const price = line.decimal('price');
  return price === undefined ? undefined : exactText(sum(exact(price), exact(line.decimal('discount') ?? '0')));
};
const lineDiscount: Read<number> = (line, scope) => {
  const total = lineTotal(line, scope);
  const unit = unitPrice(line, scope);
  if (total === undefined || unit === undefined || /^-?[0.]*$/.test(line.decimal('discount') ?? '0')) return undefined;
  const [one, many] = [exact(unit), exact(line.decimal('quantity') ?? '1')];
  return moneyOfDecimal(exactText({ units: one.units * many.units, scale: one.scale + many.scale }), scope.currency, line.path('price')).minor - total;
};

/** Walk-in customers are one record of the shop's, whoever they are. */
const customer = (sale: Fields): Fields | undefined => {
  const found = sale.child('customer');
  return found?.text('customer_code') === 'WALKIN' ? undefined : found;
};
const ofCustomer = <T>(read: Read<T>): Read<T> => picked(customer, read);
const trimmed = (read: Read<string>): Read<string> => then(read, (words) => words.trim() || undefined);

const totals = (name: string) => major(`totals.${name}`, name);
const owed = totals('total_to_pay');

/** https://x-series-api.lightspeedhq.com/docs/sales_statuses */
const order: OrderMap = {
  id: text('id'),
  number: text('invoice_number'),
  placedAt: utc('sale_date', 'created_at'),
  version: utc('updated_at', 'created_at', 'sale_date'),
  status: word('status', {
    SAVED: 'NEW', LAYBY: 'CONFIRMED', ONACCOUNT: 'CONFIRMED', AWAITING_DISPATCH: 'PROCESSING', AWAITING_PICKUP: 'PROCESSING',
    CLOSED: 'COMPLETED', LAYBY_CLOSED: 'COMPLETED', ONACCOUNT_CLOSED: 'COMPLETED', DISPATCHED_CLOSED: 'COMPLETED', PICKED_UP_CLOSED: 'COMPLETED', VOIDED: 'CANCELLED',
  }, 'UNKNOWN'),
  currency: accountCurrency,
  total: Object.assign(((sale, scope) => {
    if (isReturn(sale)) return over(sold(sale), scope);
    const price = totals('total_price')(sale, scope);
    return price === undefined ? undefined : price + (totals('total_tax')(sale, scope) ?? 0);
  }) as Read<number>, { at: 'totals.total_price' }),
  tax: (sale, scope) => (isReturn(sale) ? sold(sale).reduce((tax, line) => tax + (lineTax(line, scope) ?? 0), 0) : totals('total_tax')(sale, scope)),
  payment: {
    status: first(
      known('status', { CLOSED: 'PAID', LAYBY_CLOSED: 'PAID', ONACCOUNT_CLOSED: 'PAID', DISPATCHED_CLOSED: 'PAID', PICKED_UP_CLOSED: 'PAID', VOIDED: 'VOIDED', SAVED: 'PENDING' }),
      then(owed, (amount) => (amount > 0 ? 'PENDING' : 'PAID')),
      word('status', { LAYBY: 'PENDING', ONACCOUNT: 'PENDING' }, 'UNKNOWN'),
    ),
    method: text('register_sale_payments.0.name'),
    reference: text('register_sale_payments.0.id'),
  },
  // goods on account have left the shop, those of a layby wait until they are paid
  fulfilment: {
    status: word('status', {
      SAVED: 'UNFULFILLED', LAYBY: 'UNFULFILLED', AWAITING_DISPATCH: 'UNFULFILLED', AWAITING_PICKUP: 'PACKED', ONACCOUNT: 'DELIVERED', ONACCOUNT_CLOSED: 'DELIVERED',
      CLOSED: 'DELIVERED', LAYBY_CLOSED: 'DELIVERED', PICKED_UP_CLOSED: 'DELIVERED', DISPATCHED_CLOSED: 'SHIPPED', VOIDED: 'CANCELLED',
    }, 'UNKNOWN'),
  },
  customer: {
    id: ofCustomer(text('id')),
    name: ofCustomer(first(trimmed(joined('first_name', 'last_name')), trimmed(text('name')))),
    email: ofCustomer(text('email')),
    phone: ofCustomer(text('mobile', 'phone')),
    dateOfBirth: ofCustomer(text('date_of_birth')),
    line: ofCustomer(first(joined('physical_address1', 'physical_address2'), joined('postal_address1', 'postal_address2'))),
    city: ofCustomer(text('physical_city', 'postal_city')),
    state: ofCustomer(text('physical_state', 'postal_state')),
    postalCode: ofCustomer(text('physical_postcode', 'postal_postcode')),
    country: ofCustomer(country('physical_country_id', 'postal_country_id')),
  },
  store: { id: text('outlet_id', 'register_id') },
  lines: {
    of: sold,
    map: {
      id: text('id'), productId: text('product_id'), sku: text('sku'), name: text('name'), quantity: decimal('quantity'), unitPrice,
      discount: lineDiscount, tax: lineTax, total: lineTotal, unitCost: decimal('cost'),
    },
  },
  comment: text('note'),
};

const returned = returnRequested({
  id: text('id'),
  orderId: text('return_for'),
  requestedAt: utc('sale_date', 'created_at'),
  version: utc('updated_at', 'created_at', 'sale_date'),
  decided: word('status', { VOIDED: 'REJECTED' }, 'APPROVED'),
  comment: text('note'),
  currency: accountCurrency,
  amount: (sale, scope) => -over(back(sale), scope),
  customerId: ofCustomer(text('id')),
  store: text('outlet_id', 'register_id'),
  lines: {
    of: back,
    map: { id: text('id'), productId: text('product_id'), sku: text('sku'), name: text('name'), quantity: decimal('quantity'), amount: positive(withTax) },
  },
});

const asOrder = orderCreated(order);

/** A sale, a return (https://x-series-api.lightspeedhq.com/docs/sales_returns), or both. A return that is parked is none yet. */
const sale: Make = (fields, context, outer) => [
  ...(sold(fields).length > 0 || !isReturn(fields) ? asOrder(fields, context, outer) : []),
  ...(isReturn(fields) && fields.text('status') !== 'SAVED' ? returned(fields, context, outer) : []),
];

/** https://x-series-api.lightspeedhq.com/docs/webhooks_example_payloads : several price books, of which one is the base. */
const basePrice = picked((product) => product.list('price_book_entries').find((entry) => entry.text('type') === 'BASE'), decimal('price'));
const product = catalogUpdated({
  id: text('id'),
  sku: text('sku'),
  name: text('name'),
  category: text('product_category.name', 'product_type.name'),
  categoryId: text('product_category.id', 'product_type.id'),
  price: first(basePrice, decimal('price')),
  unitCost: decimal('supply_price'),
  at: first(utc('updated_at'), whenReceived),
});

const stock = inventoryCounted({
  productId: text('product_id'),
  location: text('outlet_id'),
  // of what is weighed whole units count
  quantity: then(decimal('count'), (count) => Math.floor(Number(count))),
  at: first(utc('updated_at'), whenReceived),
});

/** A webhook's payload → canonical events. */
export const toEvents = eventsOf({ 'order.created': sale, 'catalog.updated': product, 'inventory.counted': stock });
