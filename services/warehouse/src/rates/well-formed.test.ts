import fc from 'fast-check';
import { isWellFormed } from './well-formed.ts';

const name = fc.stringMatching(/^[a-z][a-z:]{0,4}$/);
const words = fc.stringMatching(/^[a-z &;>\n]{0,6}$/);
const { element } = fc.letrec<{ element: string }>((tie) => ({
  // deep ones are rare: generation recurses
  element: fc.tuple(name, fc.uniqueArray(name, { maxLength: 2 }), words, fc.oneof({ maxDepth: 4, depthIdentifier: 'xml' }, fc.constant([]), fc.array(tie('element'), { maxLength: 2, depthIdentifier: 'xml' })), fc.boolean()).map(([tag, attributes, text, inside, short]) => {
    const opened = `${tag}${attributes.map((attribute) => ` ${attribute} = "<"`.replace('<', text.replaceAll('"', ''))).join('')}`;
    return short ? `<${opened} />` : `<${opened}>${text}${inside.join('')}<!-- - --></${tag}>`;
  }),
}));

describe('a document', () => {
  it('is whole, or cut off', () => {
    fc.assert(fc.property(element, fc.nat(), (root, at) => {
      const whole = `<?xml version="1.0"?>\n${root}\n`;
      expect(isWellFormed(whole)).toBe(true);
      expect(isWellFormed(whole.slice(0, at % (whole.length - 1)))).toBe(false);
    }));
  });

  it.each([
    ['nothing', ''], ['no tag', 'text'], ['two roots', '<a/><b/>'], ['text behind', '<a/>x'], ['text before', 'x<a/>'], ['a tag that nobody opened', '<a></a></b>'],
    ['tags crossed', '<a><b></a></b>'], ['an attribute twice', '<a b="1" b="2"/>'], ['an attribute without quotes', '<a b=1/>'], ['a bare bracket', '<a> < </a>'],
    ['CDATA', '<a><![CDATA[b]]></a>'], ['a declaration', '<!DOCTYPE a><a/>'], ['a comment that never ends', '<a/><!-- b'],
  ])('with %s is refused', (_, document) => {
    expect(isWellFormed(document)).toBe(false);
  });

  it('may begin with a byte order mark', () => {
    expect(isWellFormed('\uFEFF<?xml version="1.0"?><a/>')).toBe(true);
  });

  it('of all days since 1999 is looked at in a moment, also where it is hostile', () => {
    const days = Array.from({ length: 7_000 }, () => `<Cube time="2020-01-01">${'<Cube currency="USD" rate="1.1234"/>'.repeat(32)}</Cube>`).join('');
    const began = Date.now();
    expect(isWellFormed(`<a>${days}</a>`)).toBe(true);
    expect(isWellFormed(`<a ${'b '.repeat(100_000)}`)).toBe(false);
    expect(isWellFormed(`<a ${'b="1" '.repeat(20_000)}`)).toBe(false);
    expect(isWellFormed(`<a${' '.repeat(50_000)}b`)).toBe(false);
    expect(isWellFormed(`<!--${'-'.repeat(50_000)}`)).toBe(false);
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});
