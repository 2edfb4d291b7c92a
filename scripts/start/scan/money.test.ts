import { reconcile, type OrderRow, type Sent } from './money.ts';

const sent = (key: string, total: number, over: Partial<Sent> = {}, currency = 'EUR'): Sent =>
  ({ said: { type: 'order.created', key, currency, total, lines: 1 }, home: 'warehouse', ...over });
const row = (total: string, over: Partial<OrderRow> = {}): OrderRow =>
  ({ currency: 'EUR', total, status: 'NEW', payment: 'PAID', fulfilment: 'UNFULFILLED', lines: 1, rows: 1, ...over });
const none = new Map<string, never>();

describe('reconciliation', () => {
  it('balances counts and money by currency, waiting and quarantined ones included', () => {
    const result = reconcile(
      [sent('a', 1050), sent('b', 200, { home: 'parked' }), sent('c', 300, { home: 'quarantine' }), sent('d', 5800, {}, 'JPY')],
      new Map([['a', row('10.5000')], ['d', row('5800.0000', { currency: 'JPY' })]]), none,
    );
    expect(result.wrong).toEqual([]);
    expect(result.balances).toEqual([
      { what: 'orders', currency: 'EUR', sent: { count: 3, money: '15.5' }, warehouse: { count: 1, money: '10.5' }, waiting: { count: 1, money: '2' }, quarantine: { count: 1, money: '3' }, balanced: true },
      { what: 'orders', currency: 'JPY', sent: { count: 1, money: '5800' }, warehouse: { count: 1, money: '5800' }, waiting: { count: 0, money: '0' }, quarantine: { count: 0, money: '0' }, balanced: true },
    ]);
  });

  it.each([
    ['a row is missing', new Map<string, OrderRow>(), /no row/],
    ['a row is there twice', new Map([['a', row('21', { rows: 2 })]]), /2 rows/],
    ['the total was altered', new Map([['a', row('10.51')]]), /total 10\.51, sent 10\.5/],
    ['a line is missing', new Map([['a', row('10.5', { lines: 0 })]]), /0 lines, sent 1/],
    ['the currency was altered', new Map([['a', row('10.5', { currency: 'USD' })]]), /currency USD/],
  ])('names the order when %s', (_, rows, message) => {
    expect(reconcile([sent('a', 1050)], rows, none).wrong[0]).toMatch(message);
  });

  it('does not balance when a row was put in that nobody sent', () => {
    const rows = new Map([['a', row('10.5')], ['x', row('1')]]);
    expect(reconcile([sent('a', 1050)], rows, none).balances[0]?.balanced).toBe(false);
    expect(reconcile([sent('a', 1050)], rows, none, new Set(['x'])).balances[0]?.balanced).toBe(true);
  });

  it('checks the state that the story foretells', () => {
    const result = reconcile([sent('a', 1050, { ending: { fulfilment: 'DELIVERED' } })], new Map([['a', row('10.5')]]), none);
    expect(result.wrong).toEqual(['a: fulfilment UNFULFILLED, expected DELIVERED']);
  });

  it('takes a cancellation from the order or from its fulfilment, and misses it in neither', () => {
    const wrong = (over: Partial<OrderRow>) => reconcile([sent('a', 1050, { ending: { cancelled: true } })], new Map([['a', row('10.5', over)]]), none).wrong;
    expect(wrong({ status: 'CANCELLED' })).toEqual([]);
    expect(wrong({ fulfilment: 'CANCELLED' })).toEqual([]);
    expect(wrong({})).toEqual(['a: NEW and UNFULFILLED, expected CANCELLED']);
  });

  it('takes returns by amount', () => {
    const back: Sent = { said: { type: 'return.requested', key: 'r', currency: 'EUR', amount: 500 }, home: 'warehouse' };
    expect(reconcile([back], none, new Map([['r', { currency: 'EUR', amount: '5.0', rows: 1 }]])).balances[0]?.balanced).toBe(true);
    expect(reconcile([back], none, new Map([['r', { currency: 'EUR', amount: '4.0', rows: 1 }]])).wrong).toEqual(['r: amount 4.0, sent 5']);
  });
});
