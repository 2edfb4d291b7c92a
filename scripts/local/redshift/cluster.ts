import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { asUser, initialise } from './initialise.ts';
import { endLeftover } from './leftover.ts';
import { placeFor } from './place.ts';

/** A running PostgreSQL that ends when this process ends, however it ends. */
export interface Cluster {
  readonly port: number;
  readonly connectionString: string;
  /** Of the process that runs now. */
  pid(): number;
  stop(): Promise<void>;
}

/** A commit is written to the system but not to the disk: SIGKILL loses nothing, only a power cut could. */
const settings = [
  'fsync = off', 'full_page_writes = off', 'wal_level = minimal', 'max_wal_senders = 0', 'max_replication_slots = 0', 'max_logical_replication_workers = 0',
  'shared_buffers = 48MB', 'work_mem = 32MB', 'maintenance_work_mem = 32MB', 'temp_buffers = 8MB', 'max_connections = 24', 'io_method = sync',
  'max_worker_processes = 0', 'max_parallel_workers = 0', 'max_parallel_workers_per_gather = 0', 'jit = off', 'track_activities = off', 'track_counts = on',
  'autovacuum_max_workers = 1', 'autovacuum_worker_slots = 1', 'autovacuum_naptime = 30s', 'autovacuum_vacuum_cost_delay = 0',
  'max_wal_size = 512MB', 'checkpoint_timeout = 15min', 'checkpoint_completion_target = 0.5', 'bgwriter_delay = 10s', 'wal_writer_delay = 10s', 'synchronous_commit = on',
  'deadlock_timeout = 250ms', 'client_connection_check_interval = 200ms', "default_transaction_isolation = 'repeatable read'",
  "timezone = 'UTC'", "log_timezone = 'UTC'", "search_path = 'public, redshift, pg_catalog'", "listen_addresses = '127.0.0.1'",
  "unix_socket_directories = ''", 'log_min_messages = error', 'log_min_error_statement = panic',
].join('\n');


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

interface Process {
  readonly child: ChildProcess;
  readonly gone: Promise<void>;
}

/** One PostgreSQL, answering. @throws Error with its last words when it does not start */
async function launch(native: string, folder: string, port: number, password: string): Promise<Process> {
  let text = '';
  await writeFile(join(folder, 'postgresql.auto.conf'), `${settings}\n`);
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
  try {
    await answers(`postgres://orderflow:${password}@127.0.0.1:${port}/postgres`, child, () => text);
  } catch (error) {
    child.kill('SIGKILL');
    await gone;
    throw error;
  }
  return { child, gone };
}

/**
 * Starts PostgreSQL over the files below `dataDir`, made if absent, after ending a leftover of an earlier run. One that
 * ends without being asked to is started again at the same port.
 * @param onEnded is called when it has: a session that nobody has closed would keep its memory and hinder the new one
 */
export async function startCluster(native: string, dataDir: string, onEnded: () => void = () => undefined): Promise<Cluster> {
  const folder = await placeFor(dataDir);
  await endLeftover(folder);
  const secretFile = join(dataDir, 'postgres-password');
  if (!existsSync(join(folder, 'PG_VERSION')) || !existsSync(secretFile)) {
    const fresh = randomBytes(18).toString('base64url');
    await initialise(native, folder, fresh);
    await writeFile(secretFile, fresh, { mode: 0o600 }); // last: without it the next start makes the database again
  }
  const password = await readFile(secretFile, 'utf8');
  let port = 0;
  let running: Process | undefined;
  let stopping = false;

  const start = async (fixed: number | undefined): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      port = fixed ?? (await freePort());
      try {
        running = await launch(native, folder, port, password);
        break;
      } catch (error) {
        if (attempt === 5 || stopping) throw error;
        await pause(200 * attempt); // a port taken meanwhile, or shared memory of a killed run about to be freed
      }
    }
    void running.gone.then(async () => {
      if (stopping) return;
      process.stderr.write('local cloud: the warehouse\'s database ended; it is started again\n');
      onEnded();
      await endLeftover(folder);
      await start(port);
    }).catch((error: unknown) => process.stderr.write(`local cloud: ${(error as Error).message}\n`));
  };
  await start(undefined);
  return {
    port,
    connectionString: `postgres://orderflow:${password}@127.0.0.1:${port}/orderflow`,
    pid: () => running?.child.pid ?? 0,
    async stop() {
      stopping = true;
      running?.child.kill('SIGINT'); // fast shutdown: sessions end, a checkpoint is written
      const late = setTimeout(() => running?.child.kill('SIGQUIT'), 3_000);
      await running?.gone;
      clearTimeout(late);
    },
  };
}
