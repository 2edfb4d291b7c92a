import { feeOf, sellersBear } from './return-policy-amount.ts';
import { checkReturn } from './return-policy.ts';
import { parseReturnPolicy, shippedReturnPolicy, type PolicyRule } from './return-policy-schema.ts';
import { termsOf, type TermsOf } from './return-policy-terms.ts';

const withRules = (...rules: readonly PolicyRule[]) => parseReturnPolicy({ ...shippedReturnPolicy(), version: 'v', rules: [{ windowDays: 30, autoApproveUpTo: { EUR: 10_000 } }, ...rules] });
const windowFor = (line: TermsOf, ...rules: readonly PolicyRule[]) => termsOf(withRules(...rules), line)((rule) => rule.windowDays);

describe('which rule counts', () => {
  it.each<[string, TermsOf, readonly PolicyRule[], number, string]>([
    ['none but that for everything', {}, [{ categories: ['Books'], windowDays: 5 }], 30, 'everything'],
    ['of a category, whatever the case', { category: 'bOOks' }, [{ categories: ['Books', 'Maps'], windowDays: 5 }], 5, 'category:Books'],
    ['of a seller', { seller: 'Acme' }, [{ sellers: ['acme'], windowDays: 7 }], 7, 'seller:acme'],
    ['of a long list by what of it counts', { category: 'Maps' }, [{ categories: [...Array.from({ length: 40 }, (_, nth) => `Category ${nth}`), 'Maps'], windowDays: 6 }], 6, 'category:Maps'],
    ['of a country', { country: 'DE' }, [{ name: 'Germany, by law', countries: ['DE'], windowDays: 14 }], 14, 'Germany, by law'],
    ['of a source', { account: 'ebay:main' }, [{ accounts: ['ebay'], windowDays: 60 }], 60, 'account:ebay'],
    ['of an account', { account: 'ebay:main' }, [{ accounts: ['ebay:other'], windowDays: 60 }], 30, 'everything'],
    ['with more conditions, wherever it stands', { category: 'Books', country: 'DE' }, [{ categories: ['Books'], countries: ['DE'], windowDays: 3 }, { categories: ['Books'], windowDays: 5 }], 3, 'category:Books · country:DE'],
    ['the later one of equals', { category: 'Books', country: 'DE' }, [{ categories: ['Books'], windowDays: 5 }, { countries: ['DE'], windowDays: 14 }], 14, 'country:DE'],
    ['that says something of it', { category: 'Books' }, [{ categories: ['Books'], feePercent: 5 }], 30, 'everything'],
    ['of the catalogue before that for everything', { category: 'Books', returnByDays: 9 }, [], 9, 'catalogue:Books'],
    ['of the file before the catalogue\'s', { category: 'Books', returnByDays: 9 }, [{ categories: ['Books'], windowDays: 5 }], 5, 'category:Books'],
  ])('%s', (_, line, rules, value, source) => {
    expect(windowFor(line, ...rules)).toEqual({ value, source });
  });
});

describe('fees and sellers', () => {
  const fee = (rules: readonly PolicyRule[], gross = 1000, currency = 'EUR') =>
    feeOf(withRules(...rules), currency, [{ terms: { category: 'Books' }, amount: 600 }, { terms: { category: 'Maps' }, amount: 400 }], gross);
  it.each<[string, PolicyRule, number]>([
    ['none', {}, 0], ['percent of its line', { categories: ['Maps'], feePercent: 10 }, 40], ['fixed, once', { feeFixed: { EUR: 300 } }, 300], ['both', { feePercent: 1, feeFixed: { EUR: 300 } }, 310],
    ['at least', { feePercent: 1, feeAtLeast: { EUR: 50 } }, 50], ['at most', { feePercent: 50, feeAtMost: { EUR: 99 } }, 99], ['never more than the refund', { feeFixed: { EUR: 5000 } }, 1000],
    ['of another currency', { feeFixed: { USD: 300 } }, 0],
  ])('%s', (_, rule, expected) => {
    expect(fee([rule])).toBe(expected);
  });
  it('takes percent of what is given back, not of what the goods cost', () => {
    expect(fee([{ feePercent: 10 }], 500)).toBe(50);
  });
  it('charges each seller its share of the refund, and nobody where none is named', () => {
    const policy = withRules({ sellerBearsPercent: 50 }, { sellers: ['Best'], sellerBearsPercent: 100 });
    const granted = [{ terms: { seller: 'Acme' }, amount: 600 }, { terms: {}, amount: 300 }, { terms: { seller: 'Best' }, amount: 100 }];
    expect(sellersBear(policy, granted, 900)).toEqual({ Acme: 270, Best: 90 });
    expect(sellersBear(policy, [], 900)).toEqual({});
    expect(sellersBear(policy, [{ terms: {}, amount: 300 }], 300)).toEqual({});
  });
  it('charges two sellers of all no more than was given back', () => {
    const policy = withRules({ sellerBearsPercent: 100 });
    expect(sellersBear(policy, [{ terms: { seller: 'A' }, amount: 500 }, { terms: { seller: 'B' }, amount: 500 }], 101)).toEqual({ A: 51, B: 50 });
  });
});

describe('a decision', () => {
  const policy = withRules({ categories: ['Books'], countries: ['DE'], windowDays: 2 }, { name: 'rare prints', sellers: ['Acme'], autoApproveUpTo: { EUR: 100 }, sellerBearsPercent: 100 });
  const order = (over: object, line: object = {}) => ({
    currency: 'EUR', paid: 4000, refunded: 0, total: 4000, placedAt: '2026-11-01T00:00:00Z', deliveredAt: '2026-11-05T00:00:00Z', earlierReturns: 0,
    lines: [{ id: '1', quantity: 2, total: 4000, returned: 0, category: 'Books', ...line }], ...over,
  });
  const request = { requestedAt: '2026-11-10T00:00:00Z', lines: [{ lineId: '1', quantity: 1 }] };
  it.each<[object, object, object]>([
    [{}, {}, { verdict: 'OPEN', rule: 'within-policy', ruleSource: 'everything', sellerCharges: {} }],
    [{ country: 'DE' }, {}, { verdict: 'REJECT', rule: 'window-ended', ruleSource: 'category:Books · country:DE' }],
    [{}, { seller: 'Acme' }, { verdict: 'REVIEW', rule: 'over-cap', ruleSource: 'rare prints', amount: 2000, sellerCharges: { Acme: 2000 } }],
    [{ total: 4800, paid: 4800, taxOnTop: 800 }, {}, { verdict: 'OPEN', amount: 2400 }],
  ])('cites the entry that decided: %j %j', (of, line, expected) => {
    expect(checkReturn(policy, order(of, line), request)).toMatchObject(expected);
  });
});

describe('the file', () => {
  it.each<[string, object, RegExp]>([
    ['a window of half a day', { rules: [{ windowDays: 1.5 }] }, /rules\.0\.windowDays/], ['no window at all', { rules: [{ feePercent: 1 }] }, /rules: one rule without conditions must say windowDays/],
    ['a word that it does not know', { rules: [{ windowDays: 1, returnble: false }] }, /rules\.0.*returnble/], ['a negative fee', { rules: [{ windowDays: 1, feeFixed: { EUR: -1 } }] }, /feeFixed\.EUR/],
    ['a country that is none', { rules: [{ windowDays: 1, countries: ['Germany'] }] }, /countries\.0/],
  ])('with %s is refused', (_, over, message) => {
    expect(() => parseReturnPolicy({ ...shippedReturnPolicy(), ...over })).toThrow(message);
  });
});
