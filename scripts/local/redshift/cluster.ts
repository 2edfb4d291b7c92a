import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { isRoot, unprivileged } from './binaries.ts';
import { endLeftover } from './leftover.ts';
import { placeFor } from './place.ts';

/** A running PostgreSQL that ends when this process ends, however it ends. */
export interface Cluster {
  readonly port: number;
  readonly connectionString: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A commit is written to the system but not to the disk: SIGKILL loses nothing, only a power cut could. */
const settings = [
  'fsync = off', 'full_page_writes = off', 'wal_level = minimal', 'max_wal_senders = 0',
  'shared_buffers = 64MB', 'work_mem = 32MB', 'maintenance_work_mem = 32MB', 'max_connections = 24',
  'max_parallel_workers_per_gather = 0', 'jit = off', 'autovacuum_max_workers = 1', 'autovacuum_naptime = 15s',
  'max_wal_size = 512MB', 'checkpoint_timeout = 15min', 'checkpoint_completion_target = 0.5', 'bgwriter_delay = 1s',
  "timezone = 'UTC'", "log_timezone = 'UTC'", "search_path = 'public, redshift'", "listen_addresses = '127.0.0.1'",
  "unix_socket_directories = ''", 'log_min_messages = error', 'log_min_error_statement = panic', 'temp_buffers = 8MB',
].join('\n');

const run = promisify(execFile);
const asUser = (): { uid?: number; gid?: number } => (isRoot() ? { ...unprivileged } : {});

async function initialise(native: string, folder: string, password: string): Promise<void> {
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
  await writeFile(join(folder, 'postgresql.auto.conf'), `${settings}\n`);
  if (uid !== undefined && gid !== undefined) await chown(join(folder, 'postgresql.auto.conf'), uid, gid);
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** A pipe that must not keep this process alive. */
const letGo = (pipe: unknown): void => {
  (pipe as { unref?: () => void } | null)?.unref?.();
};

/** Ends PostgreSQL when the pipe to us closes, as it does even after SIGKILL. */
const watchdog = (pid: number): ChildProcess =>
  spawn('/bin/sh', ['-c', 'read -r _; kill -QUIT "$1" 2>/dev/null', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/', ...asUser(),
  });

async function answers(connectionString: string, child: ChildProcess, said: () => string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`PostgreSQL did not start: ${said().trim().split('\n').at(-1) ?? 'it said nothing'}`);
    }
    const client = new pg.Client({ connectionString });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await pause(25);
    }
  }
  throw new Error('PostgreSQL did not answer within 15 s');
}

/** Starts PostgreSQL over the files below `dataDir`, made if absent, after ending a leftover of an earlier run. */
export async function startCluster(native: string, dataDir: string): Promise<Cluster> {
  const folder = await placeFor(dataDir);
  await endLeftover(folder);
  const secretFile = join(dataDir, 'postgres-password');
  if (!existsSync(join(folder, 'PG_VERSION')) || !existsSync(secretFile)) {
    const fresh = randomBytes(18).toString('base64url');
    await initialise(native, folder, fresh);
    await writeFile(secretFile, fresh, { mode: 0o600 }); // last: without it the next start makes the database again
  }
  const password = await readFile(secretFile, 'utf8');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    let text = '';
    const child = spawn(join(native, 'bin', 'postgres'), ['-D', folder, '-p', String(port)], {
      stdio: ['ignore', 'ignore', 'pipe'], detached: true, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, ...asUser(),
    });
    child.stderr.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString('utf8')).slice(-4_000);
    });
    child.on('error', (error) => {
      text += error.message;
    });
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const guard = watchdog(child.pid ?? 0);
    guard.unref();
    letGo(guard.stdin);
    letGo(child.stderr);
    void gone.then(() => guard.kill());
    const base = `postgres://orderflow:${password}@127.0.0.1:${port}`;
    try {
      await answers(`${base}/postgres`, child, () => text);
    } catch (error) {
      child.kill('SIGKILL');
      await gone;
      if (attempt < 5) {
        await pause(200 * attempt); // a port taken meanwhile, or shared memory of a killed run about to be freed
        continue;
      }
      throw error;
    }
    return {
      port,
      connectionString: `${base}/orderflow`,
      pid: child.pid ?? 0,
      async stop() {
        child.kill('SIGINT'); // fast shutdown: sessions end, a checkpoint is written
        const late = setTimeout(() => child.kill('SIGQUIT'), 3_000);
        await gone;
        clearTimeout(late);
      },
    };
  }
}
