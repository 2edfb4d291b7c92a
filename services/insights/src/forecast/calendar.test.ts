import { closedWeekdays, daysAhead, openDays } from './calendar.ts';

/** 2024-01-01 is a Monday. */
const monday = '2024-01-01';
const weeks = (count: number, week: readonly number[]): number[] => Array.from({ length: count }, () => week).flat();

test('a weekday on which nothing ever happens is closed', () => {
  expect([...closedWeekdays({ from: monday, values: weeks(8, [5, 6, 7, 8, 9, 0, 4]) })]).toEqual([6]);
  expect([...closedWeekdays({ from: '2024-01-03', values: weeks(8, [5, 6, 7, 0, 0, 4, 4]) })].toSorted()).toEqual([0, 6]);
});

test('a single booking on it does not open it, a small but steady weekday is not closed', () => {
  const values = weeks(12, [50, 60, 70, 80, 90, 0, 40]);
  values[5] = 2;
  expect([...closedWeekdays({ from: monday, values })]).toEqual([6]);
  expect(closedWeekdays({ from: monday, values: weeks(12, [50, 60, 70, 80, 90, 2, 40]) }).size).toBe(0);
});

test('too few weeks, a series that is mostly zero, and one that is always zero tell nothing', () => {
  expect(closedWeekdays({ from: monday, values: weeks(3, [5, 6, 7, 8, 9, 0, 4]) }).size).toBe(0);
  expect(closedWeekdays({ from: monday, values: weeks(10, [0, 0, 3, 0, 0, 0, 0]) }).size).toBe(0);
  expect(closedWeekdays({ from: monday, values: weeks(10, [0, 0, 0, 0, 0, 0, 0]) }).size).toBe(0);
});

test('open days keep their order, the days ahead say which are closed', () => {
  const { values, season, closed } = openDays({ from: monday, values: weeks(8, [1, 2, 3, 4, 5, 0, 7]) });
  expect([...values.slice(0, 7)]).toEqual([1, 2, 3, 4, 5, 7, 1]);
  expect(season).toBe(6);
  expect(daysAhead('2024-02-29', 3, closed)).toEqual([
    { day: '2024-02-29', open: true }, { day: '2024-03-01', open: true }, { day: '2024-03-02', open: false },
  ]);
});
