/** One of dynalite's expression grammars: what it parses depends on the names, and on the types of the values. */
export interface Grammar {
  parse(text: string, options: { readonly context: Context }): unknown;
}
interface Context {
  readonly attrNames?: Readonly<Record<string, string>>;
  readonly attrVals?: Readonly<Record<string, object>>;
  readonly unusedAttrNames?: Record<string, true>;
  readonly unusedAttrVals?: Record<string, true>;
  readonly isKeyCondition?: boolean;
}

interface Parsed {
  /** With a placeholder for every value. */
  readonly tree: unknown;
  readonly placeholders: ReadonlyMap<unknown, string>;
  readonly usedNames: readonly string[];
  readonly usedValues: readonly string[];
}

const MOST = 1000;
/** Their parsing looks at the values themselves. */
const BY_VALUE = /between|attribute_type/i;

/** Parses each expression text once for the same names and types of values; the least recently used of a thousand is forgotten. */
export function cacheExpressions(grammar: Grammar): void {
  const parse = grammar.parse.bind(grammar);
  const known = new Map<string, Parsed>();
  grammar.parse = (text, options) => {
    if (BY_VALUE.test(text)) return parse(text, options);
    const { context } = options;
    const { attrNames = {}, attrVals = {}, unusedAttrNames = {}, unusedAttrVals = {} } = context;
    const key = `${text}\n${context.isKeyCondition === true}\n${JSON.stringify(attrNames)}\n${Object.keys(attrVals).map((name) => `${name} ${Object.keys(attrVals[name] ?? {}).join()}`).join()}`;
    let found = known.get(key);
    if (found) {
      known.delete(key);
      for (const name of found.usedNames) Reflect.deleteProperty(unusedAttrNames, name);
      for (const name of found.usedValues) Reflect.deleteProperty(unusedAttrVals, name);
    } else {
      const tree = parse(text, options);
      // a text is what is wrong with the expression: told anew each time
      if (typeof tree === 'string') return tree;
      const values = new Map<unknown, object>();
      const placeholders = new Map<unknown, string>();
      for (const [name, value] of Object.entries(attrVals)) {
        const placeholder = {};
        values.set(value, placeholder);
        placeholders.set(placeholder, name);
      }
      const used = new Set(text.match(/[#:]\w+/g));
      found = {
        tree: filled(tree, (value) => values.get(value) ?? value), placeholders,
        usedNames: Object.keys(attrNames).filter((name) => used.has(name)), usedValues: Object.keys(attrVals).filter((name) => used.has(name)),
      };
      if (known.size >= MOST) known.delete(known.keys().next().value ?? '');
    }
    known.set(key, found);
    const { placeholders } = found;
    return filled(found.tree, (value) => {
      const name = placeholders.get(value);
      return name === undefined ? value : attrVals[name];
    });
  };
}

/** A copy of the tree with other values in it; values themselves are not entered. */
function filled(tree: unknown, replace: (value: unknown) => unknown): unknown {
  if (typeof tree !== 'object' || tree === null) return tree;
  const other = replace(tree);
  if (other !== tree) return other;
  if (Array.isArray(tree)) return tree.map((one) => filled(one, replace));
  const made: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name in tree) made[name] = filled((tree as Record<string, unknown>)[name], replace);
  return made;
}
