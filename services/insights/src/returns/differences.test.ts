import { differencesOf } from './differences.ts';

const count = (feature: string, value: string, orders: number, returned: number) => ({ feature, value, orders, returned });

it('tells what distinguishes the orders that came back, least likely chance first', () => {
  const found = differencesOf([count('country', 'DE', 1_000, 50), count('country', 'AT', 500, 75), count('source', 'a', 750, 62), count('source', 'b', 750, 63), count('weekday', '1', 1_500, 125)]);
  expect(found.map(({ feature, value }) => `${feature} ${value}`)).toEqual(['country DE', 'country AT', 'source a', 'source b']);
  expect(found[1]).toMatchObject({ rate: 0.15, lift: expect.closeTo(3, 9) as unknown });
  expect([found[0]?.q ?? 1, found[2]?.q ?? 0].map((q) => q < 0.05)).toEqual([true, false]);
  for (const { low, rate, high } of found) expect(low <= rate && rate <= high).toBe(true);
});

it('has no lift where nothing else came back, and nothing of nothing', () => {
  expect(differencesOf([count('country', 'DE', 10, 2), count('country', 'AT', 10, 0)])).toMatchObject([{ value: 'DE', lift: null }, { value: 'AT', lift: 0 }]);
  expect(differencesOf([])).toEqual([]);
  expect(differencesOf([count('country', 'DE', 10, 2), count('country', 'AT', 0, 0)])).toHaveLength(1);
});
