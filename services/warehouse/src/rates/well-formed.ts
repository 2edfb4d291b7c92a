const instruction = String.raw`<\?[^<>]*\?>`;
const comment = String.raw`<!--(?:(?!--)[^])*-->`;
const close = String.raw`<\/(?<closed>[\w:.-]+)\s*>`;
const open = String.raw`<(?<opened>[\w:.-]+)(?<attributes>(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?<empty>\/?)>`;
const piece = `${instruction}|${comment}|${close}|${open}|(?<text>[^<]+)`;

const attributesOnce = (attributes: string): boolean => {
  const names = [...attributes.matchAll(/([\w:.-]+)\s*=\s*(?:"[^"]*"|'[^']*')/g)].map(([, name]) => name);
  return new Set(names).size === names.length;
};

/**
 * Whether a plain XML document is whole: one root, every tag closed in turn, no attribute twice, nothing before or behind.
 * The parser reads what is cut off as if it ended there. CDATA and declarations (`<!…`) do not pass.
 */
export function isWellFormed(document: string): boolean {
  const pieces = new RegExp(piece, 'gy');
  const within: string[] = [];
  let roots = 0;
  let end = 0;
  for (let match = pieces.exec(document); match; match = pieces.exec(document)) {
    end = pieces.lastIndex;
    const { opened, closed, attributes = '', empty, text } = match.groups ?? {};
    if (text !== undefined && within.length === 0 && !/^\uFEFF?\s*$/.test(text)) return false;
    if (closed !== undefined && within.pop() !== closed) return false;
    if (opened === undefined) continue;
    if (!attributesOnce(attributes)) return false;
    if (within.length === 0) roots += 1;
    if (empty === '') within.push(opened);
  }
  return end === document.length && within.length === 0 && roots === 1;
}
