import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a package is not made of: results of packaging, tests, texts for people. */
const skipped = (name: string): boolean =>
  name === 'node_modules' || name.startsWith('.') || name.endsWith('.test.ts') || name.endsWith('.md');

/** Files below `path` in a stable order; a file is itself, a missing path is none. */
function* filesOf(path: string): Generator<string> {
  let entries;
  try {
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') yield path;
    else if (code !== 'ENOENT') throw error;
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (skipped(entry.name)) continue;
    if (entry.isDirectory()) yield* filesOf(join(path, entry.name));
    else if (entry.isFile()) yield join(path, entry.name);
  }
}

/** Hash (hex) over names and bytes of everything below the given paths, relative to `root`; tests and Markdown left out. */
export function contentHash(root: string, paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of filesOf(join(root, path))) {
      const bytes = readFileSync(file);
      hash.update(`${file.slice(root.length)}\n${bytes.length}\n`).update(bytes);
    }
  }
  return hash.digest('hex').slice(0, 32);
}
