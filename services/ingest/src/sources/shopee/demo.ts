import type { Demo, DemoMessage, DemoSale, DemoState, Telling } from '../demo.ts';

const seconds = (ms: number): number => Math.floor(ms / 1_000);
const statusOf = ({ fulfilment, payment }: DemoState): string =>
  fulfilment === 'UNFULFILLED' ? (payment === 'PAID' ? 'READY_TO_SHIP' : 'UNPAID') : { SHIPPED: 'SHIPPED', DELIVERED: 'COMPLETED', CANCELLED: 'CANCELLED' }[fulfilment];

/** As `get_order_detail` returns it. */
const orderOf = (sale: DemoSale, state: DemoState): object => {
  const { person } = sale;
  return {
    order_sn: sale.id, region: 'SG', currency: sale.currency, cod: false, total_amount: sale.total / 100, order_status: statusOf(state), create_time: seconds(sale.placedAt), update_time: seconds(state.at),
    pay_time: state.payment === 'PAID' ? seconds(sale.placedAt) : 0, payment_method: 'Credit Card', message_to_seller: sale.comment ?? '', note: '',
    buyer_user_id: person ? Number(person.id.replace(/\D/g, '')) : null, buyer_username: person ? person.first.toLowerCase() : '****',
    recipient_address: person ? {
      name: `${person.first} ${person.last}`, phone: person.phone, full_address: person.street, city: person.place.city, state: person.place.state, region: person.place.country, zipcode: person.place.postalCode,
    } : null,
    item_list: sale.lines.map(({ product, quantity, unit }) => ({
      item_id: Number(product.id.replace(/\D/g, '')), item_name: product.name, item_sku: product.sku, model_sku: product.sku, model_quantity_purchased: quantity,
      model_original_price: unit / 100, model_discounted_price: unit / 100,
    })),
  };
};

const push = (sale: DemoSale, state: DemoState, { account }: Telling): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ code: 3, shop_id: account, timestamp: seconds(state.at), data: { ordersn: sale.id, status: statusOf(state), update_time: seconds(state.at) } }),
  fetched: { id: sale.id, body: JSON.stringify({ error: '', message: '', request_id: sale.serial, response: { order_list: [orderOf(sale, state)] } }), makes: ['order.created'] },
});

export const demo: Demo = {
  standIn: { item: /^\/api\/v2\/order\/get_order_detail\?(?:.*&)?order_sn_list=([^&]+)/, credentialIn: (_, query) => query.get('partner_id') ?? undefined },
  currencies: ['SGD', 'MYR', 'BRL'],
  without: ['tax', 'discount', 'shipping'],
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: push,
  changed: push,
  pinged: ({ delivery }) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code: 0, data: { verify_info: delivery }, timestamp: 1_795_352_791 }) }),
};
