/** Rewriting of function calls in SQL whose literals are masked, so that brackets are brackets. */

/** Where the bracket that opens at `open` closes; -1 where it does not. */
export function closing(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if (code[at] === '(') depth++;
    else if (code[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

/** Parts between commas that stand outside of brackets. */
export function splitTop(code: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < code.length; at++) {
    if (code[at] === '(') depth++;
    else if (code[at] === ')') depth--;
    else if (code[at] === ',' && depth === 0) {
      parts.push(code.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, code.slice(from)].map((part) => part.trim());
}

/** A call, and what follows it: `WITHIN GROUP (…)` and `OVER (…)`, where they are there. */
export interface Call {
  readonly args: readonly string[];
  readonly within: string | undefined;
  readonly over: string | undefined;
}

/** Replaces every call of the functions that `name` matches, innermost first; undefined leaves a call alone. */
export function rewriteCalls(code: string, name: RegExp, rewrite: (call: Call, name: string) => string | undefined): string {
  const begin = new RegExp(`\\b(${name.source})\\s*\\(`, 'gi');
  let text = code;
  let limit = text.length;
  for (;;) {
    const found = [...text.matchAll(begin)].filter(({ index }) => index < limit).at(-1);
    if (!found) return text;
    limit = found.index;
    const open = found.index + found[0].length - 1;
    let end = closing(text, open);
    if (end < 0) continue;
    const args = splitTop(text.slice(open + 1, end));
    const clause = (words: RegExp): string | undefined => {
      const at = words.exec(text.slice(end + 1))?.[0].length;
      if (at === undefined) return undefined;
      const from = end + at;
      const until = closing(text, from);
      if (until < 0) return undefined;
      end = until;
      return text.slice(from + 1, until).trim();
    };
    const within = clause(/^\s*WITHIN\s+GROUP\s*\(/i);
    const over = clause(/^\s*OVER\s*\(/i);
    const replaced = rewrite({ args, within, over }, (found[1] ?? '').toUpperCase());
    if (replaced !== undefined) text = text.slice(0, found.index) + replaced + text.slice(end + 1);
  }
}
