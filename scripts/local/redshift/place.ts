import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isRoot, unprivileged } from './binaries.ts';
import { endLeftover } from './leftover.ts';

const prefix = 'orderflow-postgres-data-';

/** Lets the unprivileged group (nobody else) pass through our own folders: `dataDir` and what lies above it in the temporary folder. */
async function letThrough(dataDir: string): Promise<void> {
  for (let folder = dataDir; folder !== dirname(folder) && folder !== tmpdir(); folder = dirname(folder)) {
    const { mode, uid } = await stat(folder);
    const ours = uid === process.getuid?.() && (folder === dataDir || folder.startsWith(`${tmpdir()}/`));
    if (!ours) return;
    if ((mode & 0o001) !== 0) continue;
    await chown(folder, -1, unprivileged.gid);
    await chmod(folder, (mode & 0o7777) | 0o010);
  }
}

/** True when the unprivileged user can enter every folder on the way. */
async function reachable(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, gid } = await stat(folder);
    if ((mode & 0o001) === 0 && !(gid === unprivileged.gid && (mode & 0o010) !== 0)) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Removes database files in the temporary folder whose data folder is gone. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix) || !name.endsWith('.for')) continue;
    const note = join(tmpdir(), name);
    const marker = (await readFile(note, 'utf8').catch(() => '')).trim();
    if (marker === '' || existsSync(marker)) continue;
    const folder = note.slice(0, -'.for'.length);
    await endLeftover(folder);
    await rm(folder, { recursive: true, force: true });
    await rm(note, { force: true });
  }
}

/**
 * Folder of the database files: below `dataDir`, where PostgreSQL's user can get there; else (a data folder in /root) in
 * the temporary folder under a name made from `dataDir`, with a marker in `dataDir` that says so.
 */
export async function placeFor(dataDir: string): Promise<string> {
  const at = resolve(dataDir);
  await mkdir(at, { recursive: true });
  const inside = join(at, 'postgres');
  if (!isRoot()) return inside;
  await letThrough(at);
  if (await reachable(at)) return inside;
  await sweep();
  const outside = join(tmpdir(), `${prefix}${createHash('sha256').update(at).digest('hex').slice(0, 16)}`);
  const marker = join(at, 'postgres-is-at');
  if (!existsSync(marker)) {
    await writeFile(`${outside}.for`, `${marker}\n`);
    await writeFile(marker, `${outside}\n`);
  }
  return outside;
}
