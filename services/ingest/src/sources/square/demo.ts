import type { Demo, DemoMessage, DemoSale, DemoState, Telling } from '../demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const location = 'LDEMO1DEMO1DE';

/** Square's envelope. `of`: the id of what it is about. */
const event = (type: string, of: string, object: unknown, at: number, { delivery }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ merchant_id: 'MDEMO1DEMO1DE', type, event_id: `evt-${delivery}`, created_at: iso(at), data: { type: type.split('.')[0], id: of, object } }),
  ...more,
});

/** A notice, and what the API answers when it is asked. */
const thin = (type: string, name: string, order: { readonly id: string }, at: number, telling: Telling, makes: 'order.created' | 'return.requested' = 'order.created'): DemoMessage =>
  event(type, order.id, { [name]: { created_at: iso(at), location_id: location, order_id: order.id, state: 'OPEN', version: 1 } }, at, telling, {
    of: order.id, fetched: { id: order.id, body: JSON.stringify({ order }), makes: [makes] },
  });

function orderOf(sale: DemoSale, state: DemoState) {
  const { currency, person } = sale;
  const money = (amount: number) => ({ amount, currency });
  const cancelled = state.fulfilment === 'CANCELLED';
  const gone = state.fulfilment === 'SHIPPED' || state.fulfilment === 'DELIVERED';
  const discount = sale.lines.reduce((sum, line) => sum + line.discount, 0);
  return {
    id: sale.id, location_id: location, reference_id: sale.number, created_at: iso(sale.placedAt), updated_at: iso(state.at), version: state.version,
    state: cancelled ? 'CANCELED' : gone ? 'COMPLETED' : 'OPEN', ...(person && { customer_id: person.id }),
    line_items: sale.lines.map((line) => ({
      uid: line.id, catalog_object_id: line.product.id, name: line.product.name, quantity: String(line.quantity), item_type: 'ITEM',
      base_price_money: money(line.unit), variation_total_price_money: money(line.unit * line.quantity), gross_sales_money: money(line.unit * line.quantity),
      total_discount_money: money(line.discount), total_tax_money: money(0), total_money: money(line.total),
    })),
    fulfillments: [{ uid: 'f1', type: 'SHIPMENT', state: cancelled ? 'CANCELED' : gone ? 'COMPLETED' : 'PROPOSED', shipment_details: {
      recipient: person && {
        customer_id: person.id, display_name: `${person.first} ${person.last}`, email_address: person.email, phone_number: person.phone,
        address: { address_line_1: person.street, locality: person.place.city, administrative_district_level_1: person.place.state, postal_code: person.place.postalCode, country: person.place.country },
      }, shipping_note: sale.comment ?? '',
    } }],
    ...(state.payment === 'PENDING' ? { net_amount_due_money: money(sale.total) } : {
      net_amount_due_money: money(state.payment === 'PAID' ? 0 : sale.total),
      tenders: [{ id: sale.paymentReference, payment_id: sale.paymentReference, type: 'CARD', amount_money: money(sale.total), card_details: { status: state.payment === 'PAID' ? 'CAPTURED' : 'FAILED' } }],
    }),
    total_money: money(sale.total), total_tax_money: money(sale.tax), total_discount_money: money(discount), total_tip_money: money(0), total_service_charge_money: money(0),
  };
}

export const demo: Demo = {
  // https://developer.squareup.com/reference/square/orders-api/retrieve-order and catalog-api/list-catalog, whose id here is `list`
  standIn: { item: /^\/v2\/(?:orders|catalog)\/([^/?]+)/ },
  currencies: ['USD', 'CAD', 'GBP', 'JPY'],
  // postage is a service charge, which would be a line of the order
  without: ['shipping'],
  tells: ['PAID', 'SHIPPED', 'CANCELLED'],
  ordered: (sale, state, telling) => thin('order.created', 'order_created', orderOf(sale, state), state.at, telling),
  changed: (sale, state, telling) => thin('order.updated', 'order_updated', orderOf(sale, state), state.at, telling),
  returned: (sale, back, telling) => {
    const money = { amount: back.amount, currency: sale.currency };
    const order = {
      id: back.id, location_id: location, created_at: iso(back.at), updated_at: iso(back.at), state: 'COMPLETED', total_money: { amount: 0, currency: sale.currency },
      returns: [{ uid: 'r1', source_order_id: sale.id, return_line_items: [{
        uid: 'rl1', source_line_item_uid: back.line.id, catalog_object_id: back.line.product.id, name: back.line.product.name, quantity: String(back.line.quantity), item_type: 'ITEM', total_money: money,
      }] }],
      return_amounts: { total_money: money },
      refunds: [{ id: `rf-${back.id}`, location_id: location, transaction_id: back.id, created_at: iso(back.at), reason: back.comment, amount_money: money, status: 'APPROVED' }],
    };
    return thin('refund.created', 'refund', order, back.at, telling, 'return.requested');
  },
  // its notice names no product: the whole catalogue is asked for, here of one product
  catalogued: (product, at, currency, telling) => event('catalog.version.updated', '', { catalog_version: { updated_at: iso(at) } }, at, telling, {
    of: 'catalog', fetched: { id: 'list', of: product.id, body: JSON.stringify({ objects: [
      { type: 'CATEGORY', id: product.categoryId, updated_at: iso(at), version: 1, category_data: { name: product.category } },
      { type: 'ITEM', id: `item-${product.id}`, updated_at: iso(at), version: 1, item_data: { name: product.name, categories: [{ id: product.categoryId }], variations: [{
        type: 'ITEM_VARIATION', id: product.id, updated_at: iso(at), version: 1,
        item_variation_data: { item_id: `item-${product.id}`, name: '', sku: product.sku, pricing_type: 'FIXED_PRICING', price_money: { amount: product.cents, currency } },
      }] } },
    ] }) },
  }),
  counted: (product, quantity, at, telling) => event('inventory.count.updated', telling.delivery, { inventory_counts: [
    { catalog_object_id: product.id, catalog_object_type: 'ITEM_VARIATION', state: 'IN_STOCK', location_id: location, quantity: String(quantity), calculated_at: iso(at) },
  ] }, at, telling),
  paid: (sale, state, telling) => event('payment.updated', sale.paymentReference, { payment: {
    id: sale.paymentReference, created_at: iso(sale.placedAt), updated_at: iso(state.at), status: state.payment === 'PAID' ? 'COMPLETED' : state.payment === 'FAILED' ? 'FAILED' : 'PENDING',
    amount_money: { amount: sale.total, currency: sale.currency }, total_money: { amount: sale.total, currency: sale.currency }, location_id: location, source_type: 'CARD', reference_id: sale.id,
  } }, state.at, telling),
  pinged: (telling) => event('webhooks.test_notification', telling.delivery, undefined, Date.UTC(2026, 10, 22), telling),
};
