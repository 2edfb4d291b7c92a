import fc from 'fast-check';
import { find, place, type Json } from './paths.ts';
import { nextAttempt } from './retry.ts';
import { StateFailure } from './failure.ts';
import { resolveExpression } from './template.ts';

const json: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);
const names = fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 4 });

test('what is placed is found, and everything beside it stays', () => {
  fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), json), names, json, (root, path, value) => {
    const given = JSON.stringify(root);
    const placed = place(root, `$.${path.join('.')}`, value) as { [key: string]: Json };
    expect(find(placed, `$.${path.join('.')}`)).toEqual(value);
    for (const key of Object.keys(root)) if (key !== path[0]) expect(placed[key]).toEqual(root[key]);
    expect(JSON.stringify(root)).toBe(given);
  }));
});

test('intrinsic functions undo each other', () => {
  fc.assert(fc.property(json, fc.string({ maxLength: 200 }), fc.array(json, { maxLength: 20 }), fc.integer({ min: 1, max: 7 }), (value, text, list, size) => {
    const evaluate = (expression: string): Json => resolveExpression(expression, { value, text, list, size }, {});
    expect(evaluate('States.StringToJson(States.JsonToString($.value))')).toEqual(value);
    expect(evaluate('States.Base64Decode(States.Base64Encode($.text))')).toBe(Buffer.from(text).toString());
    expect((evaluate('States.ArrayPartition($.list, $.size)') as Json[]).flat(1)).toEqual(list.length === 0 ? [] : list);
    expect(evaluate('States.ArrayLength(States.ArrayUnique($.list))')).toBeLessThanOrEqual(list.length);
    expect(evaluate("States.Format('{}', $.text)")).toBe(text);
  }));
});

test('retries end, and never wait longer than they may', () => {
  const retrier = fc.record({ IntervalSeconds: fc.integer({ min: 1, max: 100 }), MaxAttempts: fc.integer({ min: 0, max: 8 }), BackoffRate: fc.double({ min: 1, max: 4, noNaN: true }), MaxDelaySeconds: fc.integer({ min: 101, max: 300 }), JitterStrategy: fc.constantFrom('FULL' as const, 'NONE' as const) });
  fc.assert(fc.property(retrier, (given) => {
    const branch = { retries: '[]' };
    const pauses: number[] = [];
    for (;;) {
      const pause = nextAttempt(branch, [{ ErrorEquals: ['E'], ...given }], new StateFailure('E'), () => 1);
      if (pause === undefined) break;
      pauses.push(pause);
    }
    expect(pauses).toHaveLength(given.MaxAttempts);
    expect(pauses.every((pause) => pause <= given.MaxDelaySeconds * 1000)).toBe(true);
    if (pauses.length > 0) expect(pauses[0]).toBe(given.IntervalSeconds * 1000);
    expect(nextAttempt(branch, [{ ErrorEquals: ['Other'] }], new StateFailure('E'))).toBeUndefined();
  }));
});
