import { checkHeader, chooseMapping, parseMapping } from './mapping.ts';
import { shippedMappings } from './shipped.ts';

const simple = {
  name: 'simple', columns: ['order', 'when', 'sku', 'qty', 'price'], time: { zone: 'UTC' }, currency: 'EUR',
  document: { id: 'order', at: 'when' }, line: { productId: 'sku', quantity: 'qty', unitPrice: 'price' },
};

describe('mappings', () => {
  it('needs little: the rest has defaults', () => {
    expect(parseMapping(simple)).toMatchObject({
      delimiter: ',', encoding: 'utf8', decimal: '.', document: { closeAfterRows: 0, kinds: [{ kind: 'sale', when: {} }] }, order: { payment: 'UNKNOWN' },
    });
  });

  it.each([
    ['an unknown key', { ...simple, colour: 'red' }, /mapping: /],
    ['a missing key', { ...simple, line: { productId: 'sku', quantity: 'qty' } }, /line\.unitPrice/],
    ['a column that is not there', { ...simple, customer: { name: 'who' } }, /mapping simple: column who is read/],
    ['a column of a condition that is not there', { ...simple, document: { ...simple.document, kinds: [{ kind: 'sale', when: { x: 'zero' } }] } }, /column x/],
    ['a pattern that is none', { ...simple, document: { ...simple.document, id: { column: 'order', strip: '(' } } }, /document\.id/],
    ['a currency that is none', { ...simple, currency: 'euro' }, /currency/],
  ])('refuses %s in one line', (_, value, message) => {
    expect(() => parseMapping(value)).toThrow(message);
  });

  it('are chosen by the exact set of columns, in any order', () => {
    const one = parseMapping(simple);
    const all = [...shippedMappings(), one];
    expect(chooseMapping([...one.columns].reverse(), all).name).toBe('simple');
    expect(chooseMapping(shippedMappings()[0]?.columns ?? [], all).name).toBe('online-retail');
    expect(() => chooseMapping(['order'], all)).toThrow(/no mapping has the columns order/);
    expect(() => chooseMapping([...one.columns, 'more'], all)).toThrow(/no mapping/);
    expect(() => chooseMapping(one.columns, [one, parseMapping({ ...simple, name: 'twin' })])).toThrow(/several mappings/);
  });

  it('want each of their columns in the file, once', () => {
    const one = parseMapping(simple);
    expect(() => checkHeader([...one.columns, 'extra'], one)).not.toThrow();
    expect(() => checkHeader(['order', 'when', 'sku', 'qty'], one)).toThrow('mapping simple: the file has no column price');
    expect(() => checkHeader([...one.columns, 'qty'], one)).toThrow(/twice/);
  });
});
