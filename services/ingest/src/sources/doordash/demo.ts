import type { Demo, DemoMessage, DemoSale, DemoState } from '../demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const message = (body: object): DemoMessage => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** The order of a shop that delivers itself. */
function orderOf(sale: DemoSale) {
  const { person } = sale;
  return {
    id: sale.id, delivery_short_code: sale.number.slice(1), created_at: iso(sale.placedAt), estimated_pickup_time: iso(sale.placedAt + 1_800_000), is_pickup: false, fulfillment_type: 'mx_delivery',
    subtotal: sale.lines.reduce((sum, line) => sum + line.total, 0), tax: sale.tax, delivery_fee: sale.shipping, tip_amount: 0, order_special_instructions: sale.comment ?? '',
    store: { merchant_supplied_id: 'demo', provider_type: 'demo' },
    consumer: person ? { id: Number(person.id.replace(/\D/g, '')), first_name: person.first, last_name: person.last, email: person.email, phone: person.phone } : null,
    delivery_address: person ? {
      street: person.street, city: person.place.city, state: person.place.state, zip_code: person.place.postalCode, country_code: person.place.country, lat: String(person.latitude), lng: String(person.longitude),
    } : null,
    categories: sale.lines.map(({ product, quantity, unit }) => ({
      merchant_supplied_id: product.categoryId, name: product.category, items: [{ merchant_supplied_id: product.sku, name: product.name, quantity, price: unit, extras: [], special_instructions: '' }],
    })),
  };
}

const changed = (sale: DemoSale, { fulfilment, at }: DemoState): DemoMessage =>
  fulfilment === 'CANCELLED'
    ? message({ event: { type: 'OrderCancel', status: 'NEW', created_at: iso(at) }, order: { id: sale.id } })
    : message({ event_name: 'DASHER_DROPPED_OFF', external_delivery_id: sale.id, updated_at: iso(at), dropoff_time_actual: iso(at) });

export const demo: Demo = {
  currencies: ['USD', 'CAD'],
  without: ['discount', 'pending'],
  tells: ['DELIVERED', 'CANCELLED'],
  ordered: (sale) => message({ event: { type: 'OrderCreate', status: 'NEW' }, order: orderOf(sale) }),
  changed,
  pinged: ({ delivery }) => message({ event: { type: 'MenuCreate', status: 'SUCCESS' }, store: { merchant_supplied_id: 'demo' }, reference: delivery }),
};
