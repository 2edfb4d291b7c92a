import { Unreadable } from '../convert/index.ts';
import { bodyOf, itemsIn, type Unwrap } from './unwrap.ts';

const items = (rules: readonly Unwrap[], body: string) => itemsIn(rules, bodyOf(rules, Buffer.from(body)));
const refused = (rules: readonly Unwrap[], body: string): unknown => {
  try {
    return items(rules, body);
  } catch (error) {
    return error instanceof Unreadable ? [error.code, error.path] : error;
  }
};
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

describe('unwrap', () => {
  it('leaves a body as it is without any step', () => {
    expect(items([], '{"a":1}')).toEqual([{ payload: { a: 1 }, path: '$' }]);
  });

  it('takes the one field of a form that holds JSON', () => {
    const form: Unwrap[] = [{ form: 'payload' }];
    expect(items(form, new URLSearchParams({ other: 'x', payload: '{"a":"ü & b"}' }).toString())).toEqual([{ payload: { a: 'ü & b' }, path: '$.payload' }]);
    expect(refused(form, 'other=x')).toEqual(['missing', '$.payload']);
    expect(refused(form, 'payload=%7B')).toEqual(['json', '$.payload']);
  });

  it('opens text that holds JSON, in base64 or not, one in the other', () => {
    const steps: Unwrap[] = [{ text: 'Message', as: 'json' }, { text: 'data', as: 'base64' }];
    expect(items(steps, JSON.stringify({ Message: JSON.stringify({ data: base64({ id: 1 }) }) }))).toEqual([{ payload: { id: 1 }, path: '$.Message.data' }]);
    expect(refused(steps, '{"Message":"{}"}')).toEqual(['missing', '$.Message.data']);
    expect(refused(steps, '{"Message":7}')).toEqual(['type', '$.Message']);
    expect(refused([{ text: 'm', as: 'json' }], '{"m":"no"}')).toEqual(['json', '$.m']);
  });

  it('peels envelopes that may be there', () => {
    const steps: Unwrap[] = [{ inside: 'detail', optional: true }];
    expect(items(steps, '{"detail":{"id":1}}')).toEqual([{ payload: { id: 1 }, path: '$.detail' }]);
    expect(items(steps, '{"id":1}')).toEqual([{ payload: { id: 1 }, path: '$' }]);
    expect(refused([{ inside: 'detail' }], '{"id":1}')).toEqual(['missing', '$.detail']);
  });

  it('splits batches, each item with its place; a body may be the list', () => {
    expect(items([{ each: 'items' }, { inside: 'item' }], '{"items":[{"item":1},{"item":2}]}')).toEqual([{ payload: 1, path: '$.items[0].item' }, { payload: 2, path: '$.items[1].item' }]);
    expect(items([{ each: '', optional: true }], '[{"a":1}]')).toEqual([{ payload: { a: 1 }, path: '$[0]' }]);
    expect(items([{ each: '', optional: true }], '{"a":1}')).toEqual([{ payload: { a: 1 }, path: '$' }]);
    expect(refused([{ each: 'items' }], '{"items":{}}')).toEqual(['type', '$.items']);
    expect(refused([{ each: 'items' }], '{}')).toEqual(['missing', '$.items']);
  });

  it('reads what a signed body says, and what was opened already', () => {
    const jws = `e30.${Buffer.from('{"a":1}').toString('base64url')}.c2ln`;
    expect(items([{ jws: true }], jws)).toEqual([{ payload: { a: 1 }, path: '$' }]);
    expect(items([{ jws: true }], '{"a":1}')).toEqual([{ payload: { a: 1 }, path: '$' }]);
    expect(refused([{ jws: true }], 'nothing')).toEqual(['json', '$']);
  });

  it('finds nothing where the body has no own member of that name', () => {
    expect(refused([{ inside: 'constructor' }], '{}')).toEqual(['missing', '$.constructor']);
  });
});
