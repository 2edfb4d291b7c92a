import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

/**
 * Writes the files of `lambda/inside` as JavaScript; the path of `main`. Types are stripped once here: a thread that did
 * it itself would load the stripper, some 10 MB, in every environment.
 */
export function prepareInside(sources: string, cacheDir: string): string {
  const target = join(cacheDir, 'inside');
  mkdirSync(target, { recursive: true });
  for (const file of readdirSync(sources)) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
    const text = stripTypeScriptTypes(readFileSync(join(sources, file), 'utf8'));
    writeFileSync(join(target, file.replace(/\.ts$/, '.mjs')), text.replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.mjs'"));
  }
  return join(target, 'main.mjs');
}
