import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOf } from './files.ts';

type Say = (line: string) => void;

/** The list of the stage `local` with one account more, its other lines as they are written. */
export function withAccount(accounts: string, source: string): string {
  const last = accounts.lastIndexOf('\n  ]');
  return `${accounts.slice(0, last)},\n    { "source": "${source}", "account": "default", "role": "sells" }${accounts.slice(last)}`;
}

/** @returns the exit status: 0, or 2 when the name cannot be one or is taken */
export function newSource(args: readonly string[], say: Say, complain: Say, root: string): number {
  const [name = '', ...others] = args;
  if (others.length > 0 || !/^[a-z][a-z0-9-]{0,62}$/.test(name)) {
    complain('usage: npm run new-source -- <name>, in lower case letters, digits and dashes');
    return 2;
  }
  const folder = join(root, 'services/ingest/src/sources', name);
  if (existsSync(folder)) {
    complain(`services/ingest/src/sources/${name} is there already`);
    return 2;
  }
  for (const [file, text] of Object.entries(filesOf(name))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const accounts = join(root, 'shared/accounts/accounts.json');
  writeFileSync(accounts, withAccount(readFileSync(accounts, 'utf8'), name));
  const registry = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', join(root, 'services/ingest/src/sources/generate-registry.ts')], { encoding: 'utf8' });
  if (registry.status !== 0) {
    complain(`the registry could not be written: ${registry.stderr}`);
    return 1;
  }
  say(`made services/ingest/src/sources/${name}. Fill it in until this passes:`);
  say(`  npx jest services/ingest/src/sources scripts/demo/speaking -t ${name}`);
  return 0;
}
