import { parseSchedule, ScheduleExpressionError } from './schedule-expression.ts';

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

test.each([
  ['cron(0 10 L * ? *)', '2026-02-01T00:00:00Z', '2026-02-28T10:00:00.000Z'],
  ['cron(0 10 15W * ? *)', '2026-02-01T00:00:00Z', '2026-02-16T10:00:00.000Z'],
  ['cron(0 10 LW * ? *)', '2026-02-01T00:00:00Z', '2026-02-27T10:00:00.000Z'],
  ['cron(0 10 ? * 6L *)', '2026-02-01T00:00:00Z', '2026-02-27T10:00:00.000Z'],
  ['cron(0 10 ? * TUE#2 *)', '2026-02-01T00:00:00Z', '2026-02-10T10:00:00.000Z'],
  ['cron(0/15 9-17 ? * MON-FRI 2027-2028)', '2026-02-01T00:00:00Z', '2027-01-01T09:00:00.000Z'],
])('%s after %s', (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

test('an hour that is skipped in spring does not run, one that comes twice in autumn runs once', () => {
  const zone = 'Europe/Berlin';
  expect(next('cron(30 2 * * ? *)', '2026-03-28T12:00:00Z', zone)).toBe('2026-03-30T00:30:00.000Z');
  expect(next('cron(30 2 * * ? *)', '2026-10-24T12:00:00Z', zone)).toBe('2026-10-25T00:30:00.000Z');
  expect(next('cron(30 2 * * ? *)', '2026-10-25T00:30:00Z', zone)).toBe('2026-10-26T01:30:00.000Z');
});

test.each(['rate(1 minutes)', 'rate(2 minute)', 'rate(0 minutes)', 'rate(5 seconds)', 'cron(0 10 * * * *)', 'cron(0 10 ? * ? *)', 'cron(60 10 * * ? *)', 'cron(0 10 * * ?)', 'at(2026-01-01)', 'cron(a 10 * * ? *)'])('%s is refused', (expression) => {
  expect(() => parseSchedule(expression)).toThrow(ScheduleExpressionError);
});
