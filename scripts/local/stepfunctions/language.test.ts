import { holds } from './choice.ts';
import type { ChoiceRule } from './definition.ts';
import { covers, StateFailure } from './failure.ts';
import { find, place, type Json } from './paths.ts';
import { resolveExpression } from './template.ts';

const input: Json = { a: { b: [1, { c: 2 }, 3] }, 'with space': 'x', list: [{ v: 1 }, { v: 2 }], when: '2026-01-01T00:00:00Z' };

test.each<[string, Json | undefined]>([
  ['$', input], ['$.a.b[0]', 1], ['$.a.b[1].c', 2], ['$.a.b[-1]', 3], ["$['with space']", 'x'], ['$.list[*].v', [1, 2]], ['$.a.b[0:2]', [1, { c: 2 }]], ['$..c', [2]], ['$.none', undefined],
])('path %s', (path, expected) => {
  expect(find(input, path)).toEqual(expected);
});

test('a result is placed without changing what was there', () => {
  expect(place({ a: 1 }, '$.x.y', 2)).toEqual({ a: 1, x: { y: 2 } });
  expect(() => find(input, '$.a[?(@.b)]')).toThrow('cannot read the JSONPath');
});

test.each<[string, Json]>([
  ["States.Format('{}-{} \\{\\}', $.a.b[0], 'it\\'s')", "1-it's {}"],
  ["States.StringToJson('[1,2]')", [1, 2]],
  ['States.JsonToString($.list)', '[{"v":1},{"v":2}]'],
  ["States.Array(1, 'x', $.a.b[2])", [1, 'x', 3]],
  ['States.ArrayLength($.list)', 2],
  ['States.ArrayContains(States.Array(1, 2), 2)', true],
  ['States.ArrayGetItem($.a.b, 2)', 3],
  ['States.ArrayPartition(States.ArrayRange(1, 5, 1), 2)', [[1, 2], [3, 4], [5]]],
  ["States.StringSplit('a,b;c', ',;')", ['a', 'b', 'c']],
  ['States.MathAdd($.a.b[0], 41)', 42],
  ["States.Base64Decode(States.Base64Encode('ü'))", 'ü'],
  ["States.Hash('a', 'SHA-256')", 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
])('%s', (expression, expected) => {
  expect(resolveExpression(expression, input, {})).toEqual(expected);
});

test.each<[ChoiceRule, boolean]>([
  [{ Variable: '$.a.b[0]', NumericGreaterThanEquals: 1 }, true],
  [{ Variable: '$.when', IsTimestamp: true }, true],
  [{ Variable: '$.when', TimestampLessThan: '2026-01-02T00:00:00Z' }, true],
  [{ Variable: "$['with space']", StringMatches: 'x*' }, true],
  [{ Variable: '$.a.b[0]', StringEquals: '1' }, false],
  [{ Variable: '$.none', IsPresent: false }, true],
  [{ Variable: '$.a.b[0]', NumericLessThanPath: '$.a.b[2]' }, true],
  [{ Or: [{ Variable: '$.none', IsPresent: true }, { Not: { Variable: '$.a', IsNull: true } }] }, true],
])('choice %j', (rule, expected) => {
  expect(holds(rule, input, {})).toBe(expected);
});

test('error names cover as the specification says', () => {
  const covered = (names: string[], error: string, alias?: string) => covers(names, new StateFailure(error, '', alias));
  expect(covered(['States.ALL'], 'X')).toBe(true);
  expect(covered(['States.ALL'], 'States.Runtime')).toBe(false);
  expect(covered(['States.ALL'], 'States.DataLimitExceeded')).toBe(false);
  expect(covered(['States.DataLimitExceeded'], 'States.DataLimitExceeded')).toBe(true);
  expect(covered(['States.TaskFailed'], 'States.Timeout')).toBe(false);
  expect(covered(['States.TaskFailed'], 'X')).toBe(true);
  expect(covered(['A', 'B'], 'B')).toBe(true);
  expect(covered(['States.HeartbeatTimeout'], 'States.Timeout')).toBe(false);
  expect(covered(['States.HeartbeatTimeout'], 'States.Timeout', 'States.HeartbeatTimeout')).toBe(true);
});

test.each<string>([
  "States.Format('{}')", "States.ArrayPartition($.a.b, 0)", "States.ArrayGetItem($.a.b, 9)", "States.ArrayRange(1, 2000, 1)", "States.StringToJson('{')", "States.JsonMerge($.a, $.a, true)", "States.Hash('a', 'CRC')", 'States.MathAdd($.when, 1)',
])('%s is an intrinsic failure', (expression) => {
  expect(() => resolveExpression(expression, input, {})).toThrow(expect.objectContaining({ error: 'States.IntrinsicFailure' }) as Error);
});

test.each<[ChoiceRule, boolean]>([
  [{ Variable: "$['with space']", StringMatches: 'x\\*' }, false],
  [{ Variable: '$.log', StringMatches: 'log-*.txt' }, true],
  [{ Variable: '$.star', StringMatches: '\\*a' }, true],
  [{ Variable: '$$.State.Name', StringEquals: 'S' }, true],
  [{ Variable: '$.log', StringEqualsPath: '$$.Log' }, true],
  [{ Variable: '$.when', TimestampGreaterThanPath: '$.earlier' }, true],
  [{ Variable: '$.yes', BooleanEqualsPath: '$.yes' }, true],
  [{ Variable: '$.log', StringLessThan: 'm' }, true],
])('choice %j of a context', (rule, expected) => {
  expect(holds(rule, { ...(input as object), log: 'log-1.txt', star: '*a', earlier: '2026-01-01T00:00:00+01:00', yes: true }, { State: { Name: 'S' }, Log: 'log-1.txt' })).toBe(expected);
});

test('a choice of what is not there is a runtime error, unless it asks just that', () => {
  expect(() => holds({ Variable: '$.none', IsNull: true }, input, {})).toThrow("Invalid path '$.none'");
  expect(() => holds({ Variable: '$.a.b[0]', NumericEqualsPath: '$.none' }, input, {})).toThrow(expect.objectContaining({ error: 'States.Runtime' }) as Error);
});
