/**
 * Writes the published schemas from those in the code: for each event type a JSON Schema, one AsyncAPI document over them, and
 * the JSON Schema of the owner's accounts.
 *   npm run schemas            writes shared/events/published/ and shared/accounts/accounts.schema.json
 *   npm run schemas -- --check fails when what is committed is not what the schemas say
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { committedSchemas } from './schemas/committed.ts';

const folder = join(import.meta.dirname, '..');
const files = committedSchemas();

if (process.argv.includes('--check')) {
  const stale = Object.entries(files).filter(([name, text]) => {
    try {
      return readFileSync(join(folder, name), 'utf8') !== text;
    } catch {
      return true;
    }
  });
  for (const [name] of stale) console.error(`${name} is not current: run \`npm run schemas\` and commit it`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  console.log(`wrote ${Object.keys(files).length} schemas`);
}
