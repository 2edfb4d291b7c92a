import { decimalText, type Demo, type DemoMessage, type DemoSale } from '../demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

const form = (kind: string, subject: string, at: number): DemoMessage => {
  const xml = `<notification>\n  <timestamp type="datetime">${iso(at)}</timestamp>\n  <kind>${kind}</kind>\n  <subject>${subject}</subject>\n</notification>\n`;
  return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ bt_signature: '', bt_payload: `${Buffer.from(xml).toString('base64')}\n` }).toString() };
};

const transaction = (sale: DemoSale, status: string, at: number): string => `<transaction><id>${sale.paymentReference}</id><status>${status}</status><type>sale</type>`
  + `<currency-iso-code>${sale.currency}</currency-iso-code><amount>${decimalText(sale.total, sale.currency === 'JPY' ? 0 : 2)}</amount><order-id>${sale.id}</order-id>`
  + `<merchant-account-id>demo</merchant-account-id><created-at type="datetime">${iso(sale.placedAt)}</created-at><updated-at type="datetime">${iso(at)}</updated-at></transaction>`;

export const demo: Demo = {
  currencies: ['USD', 'EUR', 'JPY'],
  // it tells nothing until a payment is settled, or is not
  without: ['pending'],
  paymentReference: (serial) => `bt${serial}`,
  paid: (sale, { payment, at }) =>
    payment === 'FAILED' ? form('transaction_settlement_declined', transaction(sale, 'settlement_declined', at), at) : form('transaction_settled', transaction(sale, 'settled', at), at),
  pinged: () => form('check', '<check type="boolean">true</check>', Date.UTC(2026, 10, 22)),
};
