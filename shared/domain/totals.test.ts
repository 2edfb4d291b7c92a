import { givenOrder } from './given.ts';
import { checkTotals } from './totals.ts';

describe('checkTotals', () => {
  it.each([
    ['lines only', {}, true],
    ['shipping beside', { total: 3500, shipping: 500 }, true],
    ['tax beside, discount beside', { total: 3300, tax: 600, discount: 300 }, true],
    ['tax within', { tax: 500 }, true],
    ['something else', { total: 3001 }, false],
  ])('%s', (_, with_, agree) => {
    expect(checkTotals(givenOrder(with_)).agree).toBe(agree);
  });
});
