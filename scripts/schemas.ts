/**
 * Writes the published schemas from the one in shared/events: a JSON Schema for each event type and one AsyncAPI document.
 *   npm run schemas            writes shared/events/published/
 *   npm run schemas -- --check fails when what is committed is not what the schemas say
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedSchemas } from './schemas/published.ts';

const folder = join(import.meta.dirname, '..', 'shared', 'events', 'published');
const files = publishedSchemas();

if (process.argv.includes('--check')) {
  const stale = Object.entries(files).filter(([name, text]) => {
    try {
      return readFileSync(join(folder, name), 'utf8') !== text;
    } catch {
      return true;
    }
  });
  for (const [name] of stale) console.error(`shared/events/published/${name} is not current: run \`npm run schemas\` and commit it`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  console.log(`wrote ${Object.keys(files).length} files to shared/events/published`);
}
