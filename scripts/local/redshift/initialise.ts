import { execFile } from 'node:child_process';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRoot, unprivileged } from './binaries.ts';

const run = promisify(execFile);

/** Who PostgreSQL runs as, for options of `spawn`. */
export const asUser = (): { uid?: number; gid?: number } => (isRoot() ? { ...unprivileged } : {});

/** Makes an empty database in `folder`, whose owner `orderflow` has the password. @throws Error in one line */
export async function initialise(native: string, folder: string, password: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const secret = `${folder}.password`;
  await writeFile(secret, password, { mode: 0o600 });
  const { uid, gid } = asUser();
  if (uid !== undefined && gid !== undefined) {
    await chown(folder, uid, gid);
    await chown(secret, uid, gid);
  }
  await run(
    join(native, 'bin', 'initdb'),
    ['-D', folder, '-U', 'orderflow', '-A', 'scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...asUser(), cwd: '/' },
  ).catch((error: unknown) => {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`PostgreSQL could not make its database: ${(stderr ?? message).trim().split('\n').at(-1)}`);
  });
  await rm(secret);
}
