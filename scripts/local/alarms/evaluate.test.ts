import { alarmFrom } from './alarm.ts';
import { judge } from './evaluate.ts';

const alarm = (periods: number, needed: number, missing: string, more: object = {}) => alarmFrom({
  AlarmName: 'a', Namespace: 'n', MetricName: 'm', Statistic: 'Sum', Period: 60, EvaluationPeriods: periods, DatapointsToAlarm: needed, Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: missing, ...more,
}, 0);
/** `X` breaching, `0` not, `-` missing, as the documentation draws them. */
const points = (drawn: string) => drawn.split(' ').map((each, at) => ({ at: at * 60_000, value: each === '-' ? undefined : each === 'X' ? 1 : 0 }));
const states = (drawn: string, periods: number, needed: number): string[] => ['missing', 'ignore', 'breaching', 'notBreaching'].map((missing) => judge(alarm(periods, needed, missing), points(drawn))?.state ?? 'stays');
const [OK, A, I] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

test.each([
  ['0 - X - X', [OK, OK, OK, OK]],
  ['0 - - - -', [OK, OK, OK, OK]],
  ['- - - - -', [I, 'stays', A, OK]],
  ['0 X X - X', [A, A, A, A]],
  ['- - X - -', [A, 'stays', A, OK]],
])('three of three: %s', (drawn, expected) => expect(states(drawn, 3, 3)).toEqual(expected));

test.each([
  ['0 - X - X', [A, A, A, A]],
  ['0 0 X 0 X', [A, A, A, A]],
  ['0 - X - -', [OK, OK, A, OK]],
  ['- - - - 0', [OK, OK, A, OK]],
  ['- - - - X', [A, 'stays', A, OK]],
])('two of three: %s', (drawn, expected) => expect(states(drawn, 3, 2)).toEqual(expected));

test('the comparisons, and the reasons in CloudWatch\'s words', () => {
  const one = (ComparisonOperator: string, value: number) => judge(alarm(1, 1, 'missing', { ComparisonOperator, Threshold: 5 }), [{ at: Date.UTC(2026, 10, 22, 10, 0), value }]);
  expect(one('GreaterThanOrEqualToThreshold', 5)).toMatchObject({ state: 'ALARM', reason: 'Threshold Crossed: 1 out of the last 1 datapoints [5.0 (22/11/26 10:00:00)] was greater than or equal to the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).'.replace('1 datapoints', '1 datapoint') });
  expect(one('LessThanThreshold', 5)).toMatchObject({ state: 'OK', reason: 'Threshold Crossed: 1 out of the last 1 datapoint [5.0 (22/11/26 10:00:00)] was not less than the threshold (5.0) (minimum 1 datapoint for ALARM -> OK transition).' });
  expect(one('LessThanOrEqualToThreshold', 4.5)?.state).toBe('ALARM');
  expect(judge(alarm(3, 3, 'breaching'), points('- - - - -'))?.reason).toBe('Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].');
});

test('what PutMetricAlarm refuses', () => {
  expect(() => alarm(1, 2, 'missing')).toThrow('DatapointsToAlarm');
  expect(() => alarm(1, 1, 'other')).toThrow('TreatMissingData');
  expect(() => alarm(1, 1, 'missing', { ExtendedStatistic: 'p99' })).toThrow('either Statistic or ExtendedStatistic');
  expect(() => alarm(1, 1, 'missing', { Period: 10 })).toThrow('Period 10');
  expect(() => alarm(1, 1, 'missing', { Metrics: [] })).toThrow('one metric only');
  expect(() => alarm(1, 1, 'missing', { ComparisonOperator: 'Equal' })).toThrow('comparisonOperator');
});
