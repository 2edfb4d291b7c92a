import { parseFact } from '@orderflow/shared/facts';
import { givenOrder, orderFact, returnFact, updateFact, catalogFact } from './given.ts';
import { digitsOf, toDecimal } from './money.ts';
import { customerKey } from './order-rows.ts';
import { restoredFact } from './restored-rows.ts';
import { toRows } from './to-rows.ts';

describe('money', () => {
  it.each([[1234, 'EUR', '12.34'], [-5, 'EUR', '-0.05'], [5800, 'JPY', '5800'], [1234, 'KWD', '1.234'], [0, 'USD', '0.00'], [9_007_199_254_740_991, 'EUR', '90071992547409.91']])(
    '%d %s is %s', (minor, currency, text) => expect(toDecimal(minor, currency)).toBe(text));
  it('an unknown currency has two digits', () => expect([digitsOf('QQQ'), digitsOf(undefined)]).toEqual([2, 2]));
});

describe('an order', () => {
  const rows = toRows(orderFact(1, 7));
  it('is one row with exact money, its position and a version a group', () => {
    expect(rows.orders).toHaveLength(1);
    expect(rows.orders?.[0]).toMatchObject({
      order_key: 'shopify:default:1001', total_order_value: '30.00', tax: '4.79', subtotal: null, currency: 'EUR', customer_key: 'shopify:default:c1', gps_latitude: 50.9375,
      payment_status: 'PAID', payment_fee: '0.75', fulfilment_status: 'UNFULFILLED', ship_country: 'DE', line_count: 3, is_test: false,
    });
    expect(rows.orders?.[0]?.['status_version']).toMatch(/^0{19}702[0-9a-f]{8}$/); // sequence, rank of NEW, hash
    expect(rows.orders?.[0]).not.toHaveProperty('tracking_version');
  });
  it('has a row for each line, service rows with their class and no product', () => {
    expect(rows.order_product?.map((line) => [line['line_id'], line['line_class'], line['price_charged'], line['unit_price']])).toEqual([
      ['1', 'product', '20.00', '10.00'], ['2', 'product', '5.00', '4.999'], ['3', 'postage', '5.00', '5.00'],
    ]);
    expect(rows.product?.map((product) => product['product_key'])).toEqual(['shopify:default:p1', 'shopify:default:p3']);
  });
  it('settles each of its events in the same load', () => {
    expect(rows.loaded_event).toEqual([expect.objectContaining({ event_type: 'order.created', fact: 'order.settled', recorded_at: '2026-11-22T09:00:00.123Z', absorbed: null })]);
  });
  it('knows a customer without an id by a hash of the address, never by the address', () => {
    const key = customerKey(givenOrder(1, { customer: { email: 'A@shop.example ' } }));
    expect(key).toMatch(/^shopify:default:email-[0-9a-f]{32}$/);
    expect(key).toBe(customerKey(givenOrder(2, { customer: { email: 'a@shop.example' } })));
    expect(customerKey(givenOrder(1, { customer: { name: 'Guest' } }))).toBeNull();
  });
});

describe('an update', () => {
  it('that knows the status only touches the status only', () => {
    const [order] = toRows(updateFact(1, 9, { status: 'CANCELLED', cancelReason: 'changed mind' })).orders ?? [];
    expect(Object.keys(order ?? {}).sort()).toEqual(['cancel_reason', 'cancel_version', 'order_key', 'status', 'status_version']);
  });
  it('of the same sequence: the later state has the higher version', () => {
    const version = (status: 'SHIPPED' | 'PACKED') => String(toRows(updateFact(1, 9, { fulfilment: { status } })).orders?.[0]?.['fulfilment_version']);
    expect(version('SHIPPED') > version('PACKED')).toBe(true);
  });
  it('tells what was delivered of each line', () => {
    const rows = toRows(updateFact(1, 9, { fulfilment: { status: 'DELIVERED', deliveredAt: '2026-11-24T10:00:00Z', lines: [{ lineId: '1', quantity: 2, damaged: true }] } }));
    expect(rows.order_line_fulfilment).toEqual([expect.objectContaining({ line_id: '1', quantity_delivered: 2, damaged: true, delivery_date: '2026-11-24T10:00:00Z' })]);
  });
});

describe('other facts', () => {
  it('a return is its row, its lines and the audit of its decision', () => {
    const rows = toRows(returnFact(1, 'PARTIAL'));
    expect(rows.returns?.[0]).toMatchObject({ return_key: 'shopify:default:r1', amount: '20.00', decision: 'PARTIAL', request_accepted: true, refund_status: 'DUE' });
    expect(rows.return_line?.[0]).toMatchObject({ line_id: '1', order_line_id: '1', product_key: 'shopify:default:p1', quantity_returned: 2, refund_amount: '20.00' });
    expect(rows.model_decision?.[0]).toMatchObject({ rule_name: 'within-window', features: '{"daysSinceDelivery":2}' });
  });
  it('a decision names the entry of the policy and whom it charges, or nobody', () => {
    const fact = returnFact(1);
    const decision = { ...fact.payload.decision, ruleSource: 'seller:Acme', sellerCharges: { Acme: 800 } };
    const rows = toRows({ ...fact, payload: { ...fact.payload, decision, refund: { ...fact.payload.refund, sellerRefund: 800 } } });
    expect([rows.model_decision?.[0], rows.returns?.[0]]).toMatchObject([{ rule_source: 'seller:Acme', seller_charges: '{"Acme":800}' }, { seller_refund: '8.00' }]);
    expect(toRows(fact).model_decision?.[0]).toMatchObject({ rule_source: null, seller_charges: null });
  });
  it('the catalogue stands over what an order line says of a product', () => {
    const [fromLine] = toRows(orderFact(1, 99)).product ?? [];
    const [fromCatalogue] = toRows(catalogFact('p1', 1, 'Mug')).product ?? [];
    expect(String(fromCatalogue?.['name_version']) > String(fromLine?.['name_version'])).toBe(true);
  });
  it('an absorbed event leaves its trace and nothing else', () => {
    const { payload: _, inFlight: __, ...rest } = orderFact(1);
    const rows = toRows({ ...rest, fact: 'event.absorbed', payload: { reason: 'duplicate', original: 'shopify:default:1001' } });
    expect(Object.keys(rows)).toEqual(['loaded_event']);
    expect(rows.loaded_event?.[0]).toMatchObject({ absorbed: 'duplicate', original: 'shopify:default:1001' });
  });
  it('what was refused brings its rows again as they were, and those of tables that are no more not at all', () => {
    const refused = orderFact(1);
    const rows = toRows(refused);
    const byTable = new Map(Object.entries(rows).map(([table, some = []]) => [table, some.map((row) => ({ ...row, _facts: '0' }))]));
    const restored = restoredFact({ fact: refused.fact, key: refused.key }, byTable);
    expect(parseFact(JSON.parse(JSON.stringify(restored)))).toEqual(restored);
    expect(toRows({ ...restored, payload: { ...restored.payload, rows: { ...restored.payload.rows, gone: [{ a: 1 }] } } })).toEqual(rows);
    // in whatever order its files were read
    expect(JSON.stringify(restoredFact({ fact: 'rows.restored', key: refused.key }, new Map([...byTable].reverse())))).toBe(JSON.stringify(restored));
  });
});
