import { standings } from './standing.ts';

const region = (name: string, orders: number, ordersBefore: number, returned: number) => ({ name, orders, ordersBefore, returned });

it('tells regions that grow or come back beyond chance, and no others', () => {
  const found = standings([region('BY', 400, 200, 40), region('BE', 200, 200, 60), region('NW', 1_000, 1_000, 100), region('HB', 1, 1, 1)]);
  expect(found.map(({ name, sales, returns }) => [name, sales, returns])).toEqual([['BY', 'high', 'expected'], ['BE', 'expected', 'high'], ['NW', 'low', 'low'], ['HB', 'expected', 'expected']]);
});

it('calls two orders that both came back no region of returns when a hundred regions are looked at', () => {
  const many = Array.from({ length: 100 }, (_, at) => region(`r${at}`, 50, 50, 5));
  const found = standings([...many, region('few', 1, 0, 1)]);
  expect(found.filter(({ returns, sales }) => returns !== 'expected' || sales !== 'expected')).toEqual([]);
  expect(found.at(-1)?.returnRate.low).toBeLessThan(0.3);
});

it('says nothing of one region, or of nothing', () => {
  expect(standings([region('DE', 100, 10, 5)])).toMatchObject([{ sales: 'expected', returns: 'expected' }]);
  expect(standings([])).toEqual([]);
});

it('has the growth of the region by that of the others, with its bounds around it', () => {
  const [found] = standings([region('BY', 400, 200, 0), region('NW', 1_000, 1_000, 0)]);
  expect(found?.growth.low).toBeLessThan(2);
  expect(found?.growth.high).toBeGreaterThan(2);
  expect(Math.sqrt((found?.growth.low ?? 0) * (found?.growth.high ?? 0))).toBeCloseTo(400.5 / 200.5, 6);
});
