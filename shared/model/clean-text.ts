/** Characters of a text that the model reads; what is longer is cut and says so. */
export const textLimit = 2_000;

/**
 * Text before redaction and model (MODEL.md, rule 4): NFKC, so that look-alike forms become plain letters; control,
 * zero-width and direction marks away; white space single; at most {@link textLimit} characters.
 */
export function cleanText(raw: string): { readonly text: string; readonly cut: boolean } {
  const plain = raw
    // NFKC may lengthen a text eighteenfold: cut generously before, exactly after
    .slice(0, textLimit * 4)
    .normalize('NFKC')
    .replaceAll(/[\p{Cf}\u034F\u115F\u1160\u3164\uFFA0]/gu, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  const points = [...plain];
  const cut = points.length > textLimit || raw.length > textLimit * 4;
  return { text: points.slice(0, textLimit).join(''), cut };
}
