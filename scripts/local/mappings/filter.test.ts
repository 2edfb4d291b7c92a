import { compileFilters } from './filter.ts';

const metadata = () => ({ partitionKey: 'p-1', eventSource: 'aws:kinesis' });
const passes = (pattern: object, payload: unknown, field: 'data' | 'body' = 'data'): boolean =>
  compileFilters([JSON.stringify(pattern)], field)!(typeof payload === 'string' ? payload : JSON.stringify(payload), metadata);

/** Rule for `a`, a value that passes, one that does not. https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax */
const RULES: readonly (readonly [name: string, rule: unknown, passing: unknown, failing: unknown])[] = [
  ['null', [null], null, ''],
  ['empty', [''], '', null],
  ['equals', ['Alice'], 'Alice', 'alice'],
  ['equals a number', [5], 5, '5'],
  ['equals, ignoring case', [{ 'equals-ignore-case': 'ALICE' }], 'alice', 'bob'],
  ['or', ['Credit', 'Debit'], 'Debit', 'Cash'],
  ['not', [{ 'anything-but': ['Raining'] }], 'Sunny', 'Raining'],
  ['not a prefix', [{ 'anything-but': { prefix: 'us-' } }], 'eu-1', 'us-1'],
  ['none of some prefixes', [{ 'anything-but': { prefix: ['us-', 'eu-'] } }], 'ap-1', 'eu-1'],
  ['not a suffix', [{ 'anything-but': { suffix: '.png' } }], 'a.jpg', 'a.png'],
  ['not, ignoring case', [{ 'anything-but': { 'equals-ignore-case': ['x', 'y'] } }], 'z', 'Y'],
  ['not like', [{ 'anything-but': { wildcard: '*/lib/*' } }], 'a/b', 'a/lib/b'],
  ['numeric equals', [{ numeric: ['=', 100] }], 100, 101],
  ['numeric range', [{ numeric: ['>', 10, '<=', 20] }], 20, 10],
  ['exists', [{ exists: true }], 'x', undefined],
  ['does not exist', [{ exists: false }], undefined, 'x'],
  ['begins with', [{ prefix: 'us-' }], 'us-east-1', 'eu-us-'],
  ['begins with, ignoring case', [{ prefix: { 'equals-ignore-case': 'US-' } }], 'us-east-1', 'eu'],
  ['ends with', [{ suffix: '.png' }], 'a.png', 'a.png.txt'],
  ['one of a list', ['b'], ['a', 'b'], ['c']],
];

test.each(RULES)('%s', (_name, rule, passing, failing) => {
  expect([passes({ data: { a: rule } }, { a: passing, other: 1 }), passes({ data: { a: rule } }, { a: failing, other: 1 })]).toEqual([true, false]);
});

test('all fields of a pattern must fit, one branch of $or, one of several patterns', () => {
  const or = { data: { $or: [{ a: [1] }, { b: [2] }], c: [3] } };
  expect([{ a: 1, c: 3 }, { b: 2, c: 3 }, { a: 1 }, { c: 3 }].map((data) => passes(or, data))).toEqual([true, true, false, false]);
  expect(passes({ data: { a: { b: { c: [1] } } } }, { a: { b: { c: 1 } } })).toBe(true);
  const two = compileFilters(['{"data":{"a":[1]}}', '{"data":{"b":[2]}}'], 'data')!;
  expect(['{"a":1}', '{"b":2}', '{"c":3}'].map((text) => two(text, metadata))).toEqual([true, true, false]);
});

test('metadata count alone where the pattern has nothing for the payload, and together where it has', () => {
  expect([passes({ partitionKey: ['p-1'] }, 'no json'), passes({ partitionKey: ['p-2'] }, 'no json')]).toEqual([true, false]);
  expect([passes({ partitionKey: ['p-1'], data: { a: [1] } }, { a: 1 }), passes({ partitionKey: ['p-2'], data: { a: [1] } }, { a: 1 })]).toEqual([true, false]);
});

test('what has another format than the pattern does not pass', () => {
  expect(passes({ data: { a: [{ exists: false }] } }, 'no json')).toBe(false);
  expect(passes({ body: { a: [{ exists: false }] } }, 'no json', 'body')).toBe(false);
  expect([passes({ body: ['plain'] }, 'plain', 'body'), passes({ body: [{ prefix: '{' }] }, { a: 1 }, 'body')]).toEqual([true, false]);
  expect(passes({ body: [{ prefix: 'Result: ' }] }, 'Result: 5', 'body')).toBe(true);
});

test.each(['[]', '"text"', '{"data":["text"]}', '{"data":{"a":"text"}}', '{"data":{"a":[{"like":"x"}]}}', '{"data":{"a":[{"prefix":"x","suffix":"y"}]}}', '{"data":{"a":[{"numeric":["~",5]}]}}', '{"data":{"a":[{"anything-but":{"numeric":["=",5]}}]}}'])('%s is no pattern for a stream', (pattern) => {
  expect(() => compileFilters([pattern], 'data')).toThrow();
});
