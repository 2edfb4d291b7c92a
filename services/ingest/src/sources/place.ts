/** Names below each other: `data.object.id`; a whole number is a place in a list. */
export type Path = string;

/**
 * Where a word stands in a delivery: in a header (lower case); in the JSON of the item, under the first of some paths that
 * is filled; or in the JSON of the whole body, outside of what is unwrapped.
 */
export type Place = { readonly header: string } | { readonly field: Path | readonly Path[] } | { readonly outer: Path };

/** The value at a path, whatever it is; undefined where something before it is missing. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** The word at a path: text, or a number or truth value as JSON writes it; nothing else, and nothing empty. */
export function wordIn(value: unknown, path: Path): string | undefined {
  const found = valueAt(value, path);
  if (typeof found === 'string') return found === '' ? undefined : found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : undefined;
}
