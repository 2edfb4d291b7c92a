import { parseSchedule } from './schedule-expression.ts';

const next = (expression: string, after: string, zone?: string): string | undefined => {
  const moment = parseSchedule(expression, zone)(Date.parse(after), Date.parse('2026-01-01T00:00:00Z'));
  return moment === undefined ? undefined : new Date(moment).toISOString();
};

test.each([
  ['rate(5 minutes)', '2026-01-01T00:07:00Z', '2026-01-01T00:10:00.000Z'],
  ['rate(1 hour)', '2026-01-01T01:00:00Z', '2026-01-01T02:00:00.000Z'],
  ['cron(15 10 * * ? *)', '2026-11-22T10:15:00Z', '2026-11-23T10:15:00.000Z'],
  ['cron(0/20 8-9 ? * MON-FRI *)', '2026-11-22T00:00:00Z', '2026-11-23T08:00:00.000Z'],
  ['cron(0 0 1 JAN ? 2028)', '2026-11-22T00:00:00Z', '2028-01-01T00:00:00.000Z'],
  ['at(2026-11-23T10:00:00)', '2026-11-22T00:00:00Z', '2026-11-23T10:00:00.000Z'],
])('%s after %s', (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

test('a time zone moves it, and what is past never comes', () => {
  expect(next('cron(0 9 * * ? *)', '2026-07-01T00:00:00Z', 'Europe/London')).toBe('2026-07-01T08:00:00.000Z');
  expect(next('at(2026-01-01T00:00:00)', '2026-11-22T00:00:00Z')).toBeUndefined();
  expect(() => parseSchedule('every(5 minutes)')).toThrow('neither rate(), cron() nor at()');
});
