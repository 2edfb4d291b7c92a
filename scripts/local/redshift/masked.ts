/**
 * SQL with its literals, quoted names and comments taken out, so that patterns see code only. Comments become a blank;
 * every literal becomes `\u0001<n>\u0001` and comes back with {@link Masked.restore}.
 */
export interface Masked {
  readonly code: string;
  readonly literals: readonly string[];
  readonly restore: (code: string) => string;
}

const pieces =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g;

export function mask(sql: string): Masked {
  const literals: string[] = [];
  const code = sql.replace(pieces, (piece) => {
    if (piece.startsWith('--') || piece.startsWith('/*')) return ' ';
    literals.push(piece);
    return `\u0001${literals.length - 1}\u0001`;
  });
  return {
    code,
    literals,
    restore: (text) => text.replace(/\u0001(\d+)\u0001/g, (_, at: string) => literals[Number(at)] ?? ''),
  };
}

/** Statements of a script, without their semicolons; comments stay out, empty ones are left out. */
export function statementsOf(script: string): string[] {
  const { code, restore } = mask(script);
  return code.split(';').map((part) => restore(part).trim()).filter((part) => part !== '');
}

/** The value of a single-quoted literal. */
export const unquote = (literal: string): string => literal.slice(1, -1).replaceAll("''", "'");
