import { compilePattern, type EventPattern } from './event-pattern.ts';

const matches = (pattern: EventPattern, event: unknown): boolean => compilePattern(pattern)(event);

test.each<[string, EventPattern, unknown, boolean]>([
  ['exact', { a: ['x', 1, null] }, { a: 1 }, true],
  ['exact, other', { a: ['x'] }, { a: 'y' }, false],
  ['null', { a: [null] }, { a: null }, true],
  ['nested', { a: { b: ['x'] } }, { a: { b: 'x', c: 1 } }, true],
  ['missing parent', { a: { b: ['x'] } }, {}, false],
  ['list in event', { a: ['x'] }, { a: ['y', 'x'] }, true],
  ['prefix', { a: [{ prefix: 'or' }] }, { a: 'order' }, true],
  ['suffix', { a: [{ suffix: '.csv' }] }, { a: 'x.csv' }, true],
  ['numeric range', { a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
  ['numeric on text', { a: [{ numeric: ['=', 5] }] }, { a: '5' }, false],
  ['exists', { a: [{ exists: true }] }, { a: 0 }, true],
  ['exists not', { a: [{ exists: false }] }, { b: 1 }, true],
  ['anything but', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'z' }, true],
  ['anything but, absent', { a: [{ 'anything-but': 'x' }] }, {}, false],
  ['anything but prefix', { a: [{ 'anything-but': { prefix: 'te' } }] }, { a: 'test' }, false],
  ['or', { $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: '2' }, true],
  ['ignore case', { a: [{ 'equals-ignore-case': 'AbC' }] }, { a: 'aBc' }, true],
  ['wildcard', { a: [{ wildcard: 'x*z' }] }, { a: 'x.y.z' }, true],
])('%s', (_name, pattern, event, expected) => {
  expect(matches(pattern, event)).toBe(expected);
});

test('an operator that is not known is refused, not passed over', () => {
  expect(() => compilePattern({ a: [{ 'sounds-like': 'x' }] })).toThrow('operator sounds-like');
});
