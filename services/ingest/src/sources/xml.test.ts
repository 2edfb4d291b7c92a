import { Unreadable } from '../convert/index.ts';
import { bodyOf, itemsIn, type Unwrap } from './unwrap.ts';
import { xmlObject } from './xml.ts';

it('makes an object of a document: text as it stands, lists, null, entities', () => {
  expect(xmlObject(
    '<?xml version="1.0"?><notification><kind>a &amp; b</kind><amount>10.00</amount><empty nil="true"/><none/><list type="array"><one><id>007</id></one></list><many><a>1</a><a>2</a></many><n type="integer">5</n></notification>', '$',
  )).toEqual({ notification: { kind: 'a & b', amount: '10.00', empty: null, none: '', list: [{ id: '007' }], many: { a: ['1', '2'] }, n: '5' } });
});

it.each([
  ['', 'nothing'], ['text', 'no document'], ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'entities of its own'],
])('refuses %j (%s)', (text) => expect(() => xmlObject(text, '$.field')).toThrow(Unreadable));

describe('forms', () => {
  const read = (rules: readonly Unwrap[], body: string) => itemsIn(rules, bodyOf(rules, Buffer.from(body)));

  it('hold XML in base64', () => {
    const form = new URLSearchParams({ p: Buffer.from('<a><b>1</b></a>').toString('base64') }).toString();
    expect(read([{ xml: 'p' }, { inside: 'a' }], form)).toEqual([{ payload: { b: '1' }, path: '$.p.a' }]);
    expect(() => read([{ xml: 'p' }], 'q=1')).toThrow(Unreadable);
  });

  it('are objects of their fields; what begins with a brace is JSON', () => {
    expect(read([{ fields: true }], 'id=tr_1&x=%C3%BC+y')).toEqual([{ payload: { id: 'tr_1', x: 'ü y' }, path: '$' }]);
    expect(read([{ fields: true }], '{"id":1}')).toEqual([{ payload: { id: 1 }, path: '$' }]);
  });
});
