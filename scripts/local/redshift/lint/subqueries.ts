import { closing } from '../calls.ts';
import { docs } from './rule.ts';

/** A query in brackets, or the whole statement. */
interface Block {
  readonly from: number;
  readonly to: number;
  readonly parent: Block | undefined;
  /** Text of its own: what inner queries hold is blanked. */
  own: string;
  readonly children: Block[];
}

function blocksOf(code: string): Block[] {
  const root: Block = { from: 0, to: code.length, parent: undefined, own: code, children: [] };
  const all = [root];
  for (const found of code.matchAll(/\(\s*(?=SELECT\b|WITH\b)/gi)) {
    const to = closing(code, found.index);
    if (to < 0) continue;
    const parent = all.filter((block) => block.from <= found.index && to <= block.to).at(-1) ?? root;
    const block: Block = { from: found.index, to, parent, own: code.slice(found.index + 1, to), children: [] };
    parent.children.push(block);
    all.push(block);
  }
  for (const block of all) {
    const start = block.parent ? block.from + 1 : 0;
    for (const { from, to } of block.children) block.own = block.own.slice(0, from - start + 1) + ' '.repeat(Math.max(0, to - from - 1)) + block.own.slice(to - start);
  }
  return all;
}

const keywords = /^(ON|WHERE|SET|USING|LEFT|RIGHT|FULL|INNER|CROSS|JOIN|GROUP|ORDER|LIMIT|AS|WHEN|VALUES|NATURAL|HAVING|UNION|SELECT)$/i;

/** Names by which a block's own tables are known. */
function tablesOf({ own }: Block): Set<string> {
  const names = new Set<string>();
  const clauses = /\b(?:FROM|USING|UPDATE|INTO)\s+([\s\S]*?)(?=\b(?:WHERE|GROUP\s+BY|HAVING|ORDER\s+BY|LIMIT|UNION|EXCEPT|INTERSECT|SET|SELECT|VALUES|WHEN|FROM|USING)\b|$)/gi;
  for (const [, clause = ''] of own.matchAll(clauses)) {
    for (const item of clause.split(/,|\b(?:LEFT|RIGHT|FULL|INNER|CROSS|NATURAL)?\s*(?:OUTER\s+)?JOIN\b/i)) {
      const [, table = '', alias = ''] = /^\s*([\w.]+|\([\s\S]*?\))\s*(?:AS\s+)?(\w+)?/i.exec(item) ?? [];
      if (alias !== '' && !keywords.test(alias)) names.add(alias.toLowerCase());
      else if (/^\w/.test(table)) names.add((table.split('.').at(-1) ?? '').toLowerCase());
    }
  }
  return names;
}

const page = `${docs}/r_correlated_subqueries.html`;

/** Kinds of correlated subqueries that Redshift documents as unsupported, where qualified names show them. */
export function subqueryFaults(code: string): string[] {
  if (!/\(\s*(SELECT|WITH)\b/i.test(code)) return [];
  const blocks = blocksOf(code);
  const tables = new Map(blocks.map((block) => [block, tablesOf(block)]));
  const faults: string[] = [];
  for (const block of blocks) {
    const { parent } = block;
    if (!parent) continue;
    const own = tables.get(block) ?? new Set();
    const outer = [...block.own.matchAll(/\b([a-z_]\w*)\.[a-z_\u0001]/gi)].map(([, name = '']) => name.toLowerCase()).filter((name) => !own.has(name));
    const correlated = outer.some((name) => tables.get(parent)?.has(name));
    for (let above = parent.parent; above; above = above.parent) {
      const skipped = outer.find((name) => !tables.get(parent)?.has(name) && tables.get(above)?.has(name));
      if (skipped !== undefined) faults.push(`a subquery refers to ${skipped} over a query in between (${page})`);
    }
    if (!correlated) continue;
    const start = parent.parent ? parent.from + 1 : 0;
    const before = parent.own.slice(0, block.from - start);
    const after = parent.own.slice(block.to - start + 1);
    if (/\bOVER\s*\(/i.test(block.own)) faults.push(`a correlated subquery with a window function (${page})`);
    if (/\b(LEFT|RIGHT|FULL)\s+(OUTER\s+)?JOIN\b(?:(?!\bJOIN\b|\bWHERE\b)[\s\S])*\bON\b(?:(?!\bJOIN\b|\bWHERE\b)[\s\S])*$/i.test(before)) faults.push(`a correlated subquery in the ON of an outer join (${page})`);
    if (/\bIN\s*$/i.test(before) && /\bGROUP\s+BY\b/i.test(block.own) && /\b(SUM|COUNT|AVG|STDDEV\w*|VAR\w*)\s*\(/i.test(block.own)) faults.push(`IN with a correlated, grouped subquery (${page})`);
    const alias = /^\s*(?:AS\s+)?(\w+)\b/i.exec(after)?.[1];
    if (alias !== undefined && !keywords.test(alias) && new RegExp(`\\bGROUP\\s+BY\\b[^()]*\\b${alias}\\b`, 'i').test(after)) faults.push(`GROUP BY the result of a correlated subquery (${page})`);
  }
  return faults;
}
