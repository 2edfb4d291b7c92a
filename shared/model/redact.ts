const patterns: readonly (readonly [RegExp, string])[] = [
  [/-?\d{1,3}\.\d{4,}\s*,\s*-?\d{1,3}\.\d{4,}/gu, '[place]'],
  [/https?:\/\/\S+|www\.\S+/giu, '[link]'],
  [/[^\s@<>()]{1,64}@[^\s@<>()]+\.\p{L}{2,}/giu, '[email]'],
  // IBAN, cards, phones: the longest first
  [/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/gu, '[account]'],
  [/\b(?:\d[ -]?){13,19}\b/gu, '[number]'],
  [/(?<![\p{L}\d])\+?\(?\d{2,4}\)?(?:[ ./-]?\d{2,4}){2,5}(?![\p{L}\d])/gu, '[phone]'],
];

const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Takes personal data out of a comment before a model, a log or an audit row sees it: links, addresses, numbers of
 * accounts, cards and phones, coordinates, and the words in `known` (the customer's own name, street, town).
 * Facts of the case are numbers of their own, so nothing the model needs is lost.
 */
export function redact(text: string, known: readonly (string | undefined)[] = []): string {
  let plain = text;
  for (const [pattern, mark] of patterns) plain = plain.replaceAll(pattern, mark);
  const words = known
    .flatMap((value) => (value === undefined ? [] : value.split(/[\s,;]+/u)))
    .filter((word) => word.length >= 3)
    .sort((a, b) => b.length - a.length);
  for (const word of new Set(words)) {
    plain = plain.replaceAll(new RegExp(`(?<!\\p{L})${escapeRegExp(word)}(?!\\p{L})`, 'giu'), '[name]');
  }
  return plain;
}
