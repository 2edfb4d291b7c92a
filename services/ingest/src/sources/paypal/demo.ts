import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type Telling } from '../demo.ts';

const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const money = (minor: number, code: string) => ({ currency_code: code, value: decimalText(minor, code === 'JPY' ? 0 : 2) });
const captureId = (sale: DemoSale): string => sale.paymentReference;

const event = (type: string, resource: unknown, at: number, { delivery }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({
  headers: {
    'content-type': 'application/json', 'paypal-transmission-id': `tr-${delivery}`, 'paypal-transmission-time': iso(at),
    'paypal-auth-algo': 'SHA256withRSA', 'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-demo',
  },
  body: JSON.stringify({ id: `WH-${delivery}`, event_version: '1.0', create_time: iso(at), resource_version: '2.0', event_type: type, resource }),
  ...more,
});

const captureOf = (sale: DemoSale, { payment, at }: DemoState) => ({
  id: captureId(sale), status: payment === 'PAID' ? 'COMPLETED' : payment === 'FAILED' ? 'DECLINED' : 'PENDING', amount: money(sale.total, sale.currency),
  invoice_id: sale.id, final_capture: true, create_time: iso(sale.placedAt), update_time: iso(at),
  ...(payment === 'PAID' && { seller_receivable_breakdown: { gross_amount: money(sale.total, sale.currency), paypal_fee: money(Math.floor(sale.total / 50), sale.currency), net_amount: money(sale.total - Math.floor(sale.total / 50), sale.currency) } }),
});

function orderOf(sale: DemoSale, state: DemoState) {
  const { person, currency } = sale;
  return {
    id: `PP${sale.id}`, intent: 'CAPTURE', status: state.payment === 'PAID' ? 'COMPLETED' : 'APPROVED', create_time: iso(sale.placedAt), update_time: iso(state.at),
    purchase_units: [{
      reference_id: 'default', invoice_id: sale.id,
      amount: { ...money(sale.total, currency), breakdown: {
        item_total: money(sale.lines.reduce((sum, line) => sum + line.unit * line.quantity, 0), currency), tax_total: money(sale.tax, currency), shipping: money(sale.shipping, currency),
        discount: money(sale.lines.reduce((sum, line) => sum + line.discount, 0), currency),
      } },
      items: sale.lines.map((line) => ({ name: line.product.name, sku: line.product.sku, quantity: String(line.quantity), unit_amount: money(line.unit, currency), category: 'PHYSICAL_GOODS' })),
      ...(person && { shipping: { name: { full_name: `${person.first} ${person.last}` }, address: {
        address_line_1: person.street, admin_area_2: person.place.city, admin_area_1: person.place.state, postal_code: person.place.postalCode, country_code: person.place.country,
      } } }),
      ...(state.payment !== 'PENDING' && { payments: { captures: [captureOf(sale, state)] } }),
    }],
    ...(person && { payer: { payer_id: person.id, name: { given_name: person.first, surname: person.last }, email_address: person.email } }),
  };
}

const captureTopic = ({ payment }: DemoState): string => `PAYMENT.CAPTURE.${payment === 'PAID' ? 'COMPLETED' : payment === 'FAILED' ? 'DECLINED' : 'PENDING'}`;

export const demo: Demo = {
  standIn: { keys: /^\/v1\/notifications\/certs\/CERT-demo$/ },
  currencies: ['USD', 'EUR', 'GBP', 'JPY'],
  without: ['comment'],
  tells: ['PAID'],
  ordered: (sale, state, telling) => event(state.payment === 'PAID' ? 'CHECKOUT.ORDER.COMPLETED' : 'CHECKOUT.ORDER.APPROVED', orderOf(sale, state), state.at, telling),
  changed: (sale, state, telling) => event(captureTopic(state), captureOf(sale, state), state.at, telling),
  returned: (sale, back, telling) => event('PAYMENT.CAPTURE.REFUNDED', {
    id: `RF${back.id}`, status: 'COMPLETED', amount: money(back.amount, sale.currency), invoice_id: sale.id, note_to_payer: back.comment, create_time: iso(back.at), update_time: iso(back.at),
    links: [{ href: `https://api.paypal.com/v2/payments/captures/${captureId(sale)}`, rel: 'up', method: 'GET' }],
  }, back.at, telling, { of: `RF${back.id}` }),
  paid: (sale, state, telling) => event(captureTopic(state), captureOf(sale, state), state.at, telling),
  pinged: (telling) => event('BILLING.PLAN.CREATED', { id: 'P-1' }, Date.UTC(2026, 10, 22), telling),
};
