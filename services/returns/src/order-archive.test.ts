import type { Row, WarehouseReader } from '@orderflow/shared/aws';
import { minorOf, warehouseArchive } from './order-archive.ts';

const answering = (...rows: readonly Row[]) => {
  const asked: { sql: string; parameters: object | undefined }[] = [];
  const reader: WarehouseReader = { rows: (sql, parameters) => { asked.push({ sql, parameters }); return Promise.resolve([...rows]); } };
  return { archive: warehouseArchive(reader), asked };
};
const head = {
  order_id: '1', order_number: 'N-1', currency: 'EUR', total: '36.0000', shipping: '5.0000', tax: null, discount: '2.5000', country: 'DE', payment_status: 'PAID', customer_id: 'c1', placed_at: '2026-11-01T08:00:00Z',
};
const line = (id: string, over: Row = {}): Row => ({ ...head, line_id: id, line_class: 'product', quantity: 2, line_total: '10.0000', line_discount: null, line_tax: '1.9000', category: 'Books', return_by_days: 60, seller: 'Acme', ...over });

it('tells an order as the policy needs it: country, sellers, the catalogue\'s days, tax of its lines where the header has none', async () => {
  const { archive, asked } = answering(line('1'), line('2', { seller: null, category: null, return_by_days: null, line_discount: '1.0000' }));
  expect(await archive.find('s:a:1')).toEqual({
    number: 'N-1', contact: {}, currency: 'EUR', placedAt: '2026-11-01T08:00:00Z', total: 3600, shipping: 500, tax: 380, discount: 250, country: 'DE', customerId: 'c1', paid: true,
    lines: [
      { id: '1', class: 'product', category: 'Books', seller: 'Acme', returnByDays: 60, quantity: 2, total: 1000, tax: 190 },
      { id: '2', class: 'product', quantity: 2, total: 1000, discount: 100, tax: 190 },
    ],
  });
  expect(asked).toEqual([{ sql: expect.stringContaining(':order_key') as unknown, parameters: { order_key: 's:a:1' } }]);
});

it.each<[string | null, boolean]>([['PAID', true], ['UNKNOWN', true], [null, true], ['PENDING', false], ['REFUNDED', false]])('takes an order whose payment is %s as paid: %s', async (status, paid) => {
  expect(await answering(line('1', { payment_status: status })).archive.find('s:a:1')).toMatchObject({ paid });
});

it('leaves out days of the catalogue that are none', async () => {
  expect((await answering(line('1', { return_by_days: -1 })).archive.find('s:a:1'))?.lines[0]?.returnByDays).toBeUndefined();
});

it('knows no order that the warehouse does not know', async () => {
  expect(await answering().archive.find('s:a:1')).toBeUndefined();
});

it('counts the returns of a customer since a time, by parameters', async () => {
  const { archive, asked } = answering({ returns: 4 });
  expect(await archive.returnsOf('s:a:c1', '2026-08-01T10:00:00.000Z')).toBe(4);
  expect(asked[0]?.parameters).toEqual({ customer_key: 's:a:c1', since: '2026-08-01 10:00:00' });
});

it.each<[string | undefined, number, number]>([['12.3400', 2, 1234], ['-0.5000', 2, -50], ['7', 0, 7], ['1.2340', 3, 1234], [undefined, 2, 0]])('reads %s with %d digits as %d', (decimal, digits, minor) => {
  expect(minorOf(decimal, digits)).toBe(minor);
});
