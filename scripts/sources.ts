/**
 * Prints the sources: how they deliver, what they become, how they sign, what was checked, from their definitions and fixtures.
 *   npm run sources               a table
 *   npm run sources -- --markdown the same for a README, with all that is unsure
 *   npm run sources -- --write    puts that into services/ingest/README.md
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixturesIn } from '../services/ingest/src/sources/fixtures.ts';
import { sources } from '../services/ingest/src/sources/registry.ts';
import { linesOf, markdownOf, rowsOf, withTable } from './sources/table.ts';

const ingest = join(import.meta.dirname, '../services/ingest');
const rows = rowsOf(sources, fixturesIn(join(ingest, 'src/sources')));
const [option, ...others] = process.argv.slice(2);
if (others.length > 0 || (option !== undefined && option !== '--markdown' && option !== '--write')) {
  console.error('usage: npm run sources [-- --markdown | --write]');
  process.exitCode = 2;
} else if (option === '--write') {
  const file = join(ingest, 'README.md');
  writeFileSync(file, withTable(readFileSync(file, 'utf8'), rows));
  console.log(`wrote ${rows.length} sources to services/ingest/README.md`);
} else {
  console.log(option === '--markdown' ? markdownOf(rows) : linesOf(rows, sources).join('\n'));
}
