import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type StandIn, type Telling } from '../demo.ts';

const seconds = (ms: number): number => Math.floor(ms / 1_000);
const statusOf = ({ fulfilment, payment }: DemoState): string =>
  fulfilment === 'UNFULFILLED' ? (payment === 'PAID' ? 'AWAITING_SHIPMENT' : 'UNPAID') : { SHIPPED: 'IN_TRANSIT', DELIVERED: 'DELIVERED', CANCELLED: 'CANCELLED' }[fulfilment];

/** As one of the orders that `GET /order/202309/orders` returns. */
function orderText(sale: DemoSale, state: DemoState): string {
  const { person, currency } = sale;
  const money = (minor: number): string => decimalText(minor, 2);
  const goods = sale.lines.reduce((sum, { quantity, unit }) => sum + quantity * unit, 0);
  return JSON.stringify({
    id: sale.id, status: statusOf(state), create_time: seconds(sale.placedAt), update_time: seconds(state.at), ...(state.payment === 'PAID' && { paid_time: seconds(sale.placedAt) }), is_cod: false,
    buyer_email: person?.email ?? '', buyer_message: sale.comment ?? '', payment_method_name: 'Credit card', ...(person && { user_id: person.id.replace(/\D/g, '') }),
    payment: {
      currency, original_total_product_price: money(goods), sub_total: money(goods), seller_discount: '0', platform_discount: '0', shipping_fee: money(sale.shipping), tax: money(sale.tax),
      total_amount: money(sale.total),
    },
    ...(person && { recipient_address: {
      name: `${person.first} ${person.last}`, phone_number: person.phone, address_line1: person.street, address_line2: '', postal_code: person.place.postalCode, region_code: person.place.country,
      district_info: [{ address_level_name: 'State', address_name: person.place.state }, { address_level_name: 'City', address_name: person.place.city }],
    } }),
    // a row for each unit; lines of the same product are told apart by their listing
    line_items: sale.lines.flatMap(({ id, product, quantity, unit }) => Array.from({ length: quantity }, (_, at) => ({
      id: `${sale.id}${id.padStart(2, '0')}${at}`, product_id: `17${product.id.replace(/\D/g, '')}${id.padStart(2, '0')}`, product_name: product.name, sku_id: `18${product.id.replace(/\D/g, '')}`, seller_sku: product.sku,
      original_price: money(unit), sale_price: money(unit), seller_discount: '0', platform_discount: '0', currency, display_status: statusOf(state), is_gift: false,
    }))),
  });
}

const push = (type: number, data: object, at: number, { delivery }: Telling): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ type, tts_notification_id: delivery, shop_id: '7494049642642441621', timestamp: seconds(at), data }),
});

const told = (sale: DemoSale, state: DemoState, telling: Telling): DemoMessage => ({
  ...push(1, { order_id: sale.id, order_status: statusOf(state), is_on_hold_order: false, update_time: seconds(state.at) }, state.at, telling),
  fetched: { id: sale.id, body: orderText(sale, state), makes: ['order.created'] },
});

const standIn: StandIn = {
  item: /^\/order\/202309\/orders\?(?:.*&)?ids=([^&]+)/,
  answer: (text) => `{"code":0,"message":"Success","request_id":"202611221305","data":{"orders":[${text}]}}`,
  credentialIn: (_, query) => query.get('app_key') ?? undefined,
};

export const demo: Demo = {
  standIn,
  currencies: ['USD', 'GBP', 'EUR'],
  without: ['discount'],
  orderId: (serial) => `57${serial.padStart(16, '0')}`, // 18 digits, more than a number holds
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: told,
  changed: told,
  pinged: (telling) => push(5, { product_id: '1', status: 'PRODUCT_FIRST_PASS_REVIEW' }, Date.UTC(2026, 10, 22), telling),
};
