import { mask } from './masked.ts';

/**
 * `:name` → `$n`, one number per occurrence, so that each takes the type of its own place. Names in literals are left
 * alone, and so are names that no parameter has: the database calls those a syntax error.
 */
export function bind(sql: string, parameters: ReadonlyMap<string, string>): { text: string; values: string[]; used: Set<string> } {
  const values: string[] = [];
  const used = new Set<string>();
  if (parameters.size === 0) return { text: sql, values, used };
  const { code, restore } = mask(sql);
  const text = code.replace(/(?<![:\w]):(\w+)/g, (all, name: string) => {
    const value = parameters.get(name);
    if (value === undefined) return all;
    used.add(name);
    values.push(value);
    return `$${values.length}`;
  });
  return { text: restore(text), values, used };
}
