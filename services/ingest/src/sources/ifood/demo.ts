import type { Demo, DemoMessage, DemoSale, DemoState, Telling } from '../demo.ts';

const reais = (minor: number): number => minor / 100;
const at = (ms: number): string => new Date(ms).toISOString();

const event = (code: string, fullCode: string, orderId: string, when: number, { delivery, account }: Telling): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ code, fullCode, id: `evt-${delivery}`, orderId, merchantId: `merchant-${account}`, createdAt: at(when) }),
});

/** As `GET /order/v1.0/orders/{id}` returns it. */
function orderOf(sale: DemoSale) {
  const { person } = sale;
  const goods = sale.lines.reduce((sum, line) => sum + line.total, 0);
  return {
    id: sale.id, displayId: sale.number.slice(1), orderType: 'DELIVERY', orderTiming: 'IMMEDIATE', salesChannel: 'IFOOD', category: 'GROCERY', createdAt: at(sale.placedAt), isTest: false, extraInfo: '',
    merchant: { id: 'merchant', name: 'Demo' },
    customer: person ? { id: person.id, name: `${person.first} ${person.last}`, phone: { number: person.phone, localizer: '' } } : null,
    items: sale.lines.map((line) => ({
      index: Number(line.id), id: line.product.id, uniqueId: `${sale.id}-${line.id}`, name: line.product.name, externalCode: line.product.sku, quantity: line.quantity, unit: 'UN',
      unitPrice: reais(line.unit), price: reais(line.unit * line.quantity), optionsPrice: 0, totalPrice: reais(line.unit * line.quantity), options: [],
    })),
    benefits: [], additionalFees: [],
    total: { subTotal: reais(goods), deliveryFee: reais(sale.shipping), benefits: 0, additionalFees: 0, orderAmount: reais(sale.total) },
    payments: { prepaid: reais(sale.total), pending: 0, methods: [{ value: reais(sale.total), currency: sale.currency, method: 'PIX', type: 'ONLINE', prepaid: true }] },
    delivery: {
      mode: 'DEFAULT', deliveredBy: 'IFOOD', deliveryDateTime: at(sale.placedAt + 3_600_000), observations: sale.comment ?? null,
      deliveryAddress: person ? {
        streetName: person.street, streetNumber: '', formattedAddress: person.street, city: person.place.city, state: person.place.state, country: person.place.country, postalCode: person.place.postalCode,
        coordinates: { latitude: person.latitude, longitude: person.longitude },
      } : null,
    },
  };
}

const codes: Readonly<Record<DemoState['fulfilment'], readonly [string, string]>> = {
  UNFULFILLED: ['CFM', 'CONFIRMED'], SHIPPED: ['DSP', 'DISPATCHED'], DELIVERED: ['CON', 'CONCLUDED'], CANCELLED: ['CAN', 'CANCELLED'],
};

export const demo: Demo = {
  currencies: ['BRL'],
  without: ['tax', 'discount', 'guests', 'pending'],
  tells: ['DELIVERED', 'CANCELLED'],
  ordered: (sale, state, telling) => ({ ...event('PLC', 'PLACED', sale.id, state.at, telling), fetched: { id: sale.id, body: JSON.stringify(orderOf(sale)) } }),
  changed: (sale, state, telling) => event(...codes[state.fulfilment], sale.id, state.at, telling),
  pinged: (telling) => event('KEEPALIVE', 'KEEPALIVE', 'none', Date.UTC(2026, 10, 22), telling),
};
