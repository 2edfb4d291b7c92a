import { refundOfUnits } from './return-policy-amount.ts';
import { readMoney } from './return-policy-paid.ts';

const goods = [{ total: 1000 }, { total: 500 }];
const taxed = [{ total: 1000, tax: 200 }, { total: 500, tax: 25 }];
const line = (kind: string, total: number) => ({ class: kind, total });

describe('what of a total is for goods', () => {
  it.each<[string, Parameters<typeof readMoney>[0], { shipping: number; taxOnTop: number }]>([
    ['tax beside the lines', { total: 1800, tax: 300, lines: goods }, { shipping: 0, taxOnTop: 300 }],
    ['tax within them', { total: 1500, tax: 250, lines: goods }, { shipping: 0, taxOnTop: 0 }],
    ['tax beside lines and postage', { total: 2200, tax: 300, shipping: 400, lines: goods }, { shipping: 400, taxOnTop: 300 }],
    ['a discount beside', { total: 1700, tax: 300, discount: 100, lines: goods }, { shipping: 0, taxOnTop: 300 }],
    ['a discount as a line', { total: 1700, tax: 300, lines: [...goods, line('discount', -100)] }, { shipping: 0, taxOnTop: 300 }],
    ['postage told by header and line', { total: 2200, tax: 300, shipping: 400, lines: [...goods, line('postage', 400)] }, { shipping: 400, taxOnTop: 300 }],
    ['postage in the header, a fee as a line, tax beside', { total: 2300, tax: 300, shipping: 400, lines: [...goods, line('fee', 100)] }, { shipping: 500, taxOnTop: 300 }],
    ['postage in the header, a fee as a line, tax within', { total: 2000, tax: 300, shipping: 400, lines: [...goods, line('fee', 100)] }, { shipping: 500, taxOnTop: 0 }],
    ['a header that tells the fees again', { total: 2050, tax: 300, shipping: 250, lines: [...goods, line('fee', 50), line('fee', 200)] }, { shipping: 250, taxOnTop: 300 }],
    ['a gift card that was bought', { total: 4800, tax: 300, shipping: 500, lines: [...goods, line('giftCard', 2500)] }, { shipping: 3000, taxOnTop: 300 }],
    ['tax on postage, where lines tell theirs', { total: 2300, tax: 300, shipping: 500, lines: taxed }, { shipping: 575, taxOnTop: 225 }],
    ['tax that was rounded line by line', { total: 1799, tax: 300, lines: goods }, { shipping: 0, taxOnTop: 300 }],
    ['what adds up with nothing', { total: 1790, tax: 300, lines: goods }, { shipping: 0, taxOnTop: 0 }],
    ['no tax', { total: 1500, lines: goods }, { shipping: 0, taxOnTop: 0 }],
  ])('%s', (_, order, expected) => {
    expect(readMoney(order)).toEqual(expected);
  });
});

describe('tax on top of a line', () => {
  const whole = (order: { total: number; taxOnTop: number }, lines: readonly { total: number; tax?: number }[]): number[] => {
    const units = lines.map((one) => ({ ...one, quantity: 1, returned: 0 }));
    return units.map((one) => refundOfUnits({ ...order, lines: units }, one, 1));
  };
  it('is its own, where the lines tell it', () => {
    expect(whole({ total: 1725, taxOnTop: 225 }, taxed)).toEqual([1200, 525]);
  });
  it('is in proportion, where they do not, or not all of it', () => {
    expect(whole({ total: 1800, taxOnTop: 300 }, goods)).toEqual([1200, 600]);
    expect(whole({ total: 1800, taxOnTop: 300 }, [{ total: 1000, tax: 200 }, { total: 500 }])).toEqual([1200, 600]);
    expect(whole({ total: 1800, taxOnTop: 300 }, [{ total: 1000, tax: 500 }, { total: 500, tax: -200 }])).toEqual([1200, 600]);
  });
});
