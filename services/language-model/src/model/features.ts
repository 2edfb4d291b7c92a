/**
 * Text → the buckets of its features (hashing trick, https://arxiv.org/abs/0902.2206): words, pairs of words, words under
 * a negation, and pieces of words, so that misspelt and unseen words still say something.
 */
export const bucketBits = 18;
export const buckets = 2 ** bucketBits;

const negations = new Set(['not', "n't", 'never', 'no', 'none', 'nothing', 'without', 'neither', 'nor', 'hardly', 'barely', 'cannot']);
const negationReach = 4;

/** Lower-case words and marks; "don't" → do n't, digits → 0, so that tokenised corpora and real comments read alike. */
export const tokensOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/\d+/g, '0')
    .replaceAll(/(\p{L})n't\b/gu, "$1 n't")
    .match(/n't|[\p{L}0]+|[!?.,;:]/gu) ?? [];

/** 32-bit FNV-1a over UTF-16 units, seeded, so that kinds of features do not collide more than chance has it. */
const hash = (text: string, seed: number): number => {
  let value = 0x811c9dc5 ^ seed;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 13)) & (buckets - 1);
};

const isMark = (token: string): boolean => /^[!?.,;:]$/.test(token);

export function featuresOf(text: string): Uint32Array {
  const tokens = tokensOf(text);
  const found = new Set<number>();
  let negated = 0;
  let before = '^';
  for (const token of tokens) {
    if (isMark(token)) {
      negated = 0;
      found.add(hash(token, 1));
      before = token;
      continue;
    }
    found.add(hash(negated > 0 ? `!${token}` : token, 1));
    found.add(hash(`${before} ${token}`, 2));
    if (token.length > 3) {
      const framed = `<${token}>`;
      for (let at = 0; at + 5 <= framed.length; at += 1) found.add(hash(`${negated > 0 ? '!' : ''}${framed.slice(at, at + 5)}`, 3));
    }
    negated = negations.has(token) ? negationReach : negated - 1;
    before = token;
  }
  return Uint32Array.from(found);
}
