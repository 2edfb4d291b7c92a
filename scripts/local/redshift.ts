import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { postgresFolder } from './redshift/binaries.ts';
import { startCluster } from './redshift/cluster.ts';
import type { CopySource } from './redshift/copy/files.ts';
import { orderedFault, statementFaults } from './redshift/faults.ts';
import { prepareDatabase } from './redshift/database.ts';
import { operationsOf } from './redshift/operations.ts';
import { createRunner } from './redshift/runner.ts';
import { openStatementLog } from './redshift/statement-log.ts';
import { statementEvent, type StatementEvent } from './redshift/views.ts';
import { jsonProtocol, type LocalService } from './service.ts';

export interface RedshiftOptions {
  /** Database files and statement states stand here. */
  readonly dataDir: string;
  /** Objects that COPY reads. */
  readonly s3: CopySource;
  /** Puts the event of a statement that was sent `WithEvent` on the default bus. */
  readonly emit?: (event: StatementEvent) => void;
  /** Role of an access key, as its ARN; undefined: the administrator. */
  readonly roleOf?: (accessKeyId: string) => string | undefined;
  readonly region?: string;
  readonly account?: string;
  readonly clock?: () => number;
  /** Folders to look for the PostgreSQL package in, upwards; default: the working folder and that of the program. */
  readonly searchFrom?: readonly string[];
}

export interface LocalRedshift extends LocalService {
  /** Of PostgreSQL. */
  readonly port: number;
  readonly connectionString: string;
  /** Of the PostgreSQL that runs now; after it was killed, another starts by itself. */
  readonly pid: number;
  /** `/_local/redshift`: GET shows what is ordered and done, POST orders a fault (see `OrderedFault`), DELETE takes orders back. */
  admin(method: string, body: Buffer): { readonly status: number; readonly body: unknown };
}

/** Time that a statement waits for a database that starts again. */
const connectWithinMs = 10_000;

/** The Redshift Data API over an embedded PostgreSQL (https://docs.aws.amazon.com/redshift-data/latest/APIReference/). */
export async function startRedshift(options: RedshiftOptions): Promise<LocalRedshift> {
  const clock = options.clock ?? Date.now;
  const native = await postgresFolder(options.searchFrom ?? [process.cwd(), dirname(process.argv[1] ?? '.')]);
  const dataDir = join(options.dataDir, 'redshift');
  const open = new Set<pg.PoolClient>();
  const cluster = await startCluster(native, dataDir, () => {
    for (const client of open) (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
  });
  await prepareDatabase(cluster.connectionString);
  // no statement is prepared by name and a session leaves nothing behind, so connections are as good as new ones
  const openPool = (max: number): pg.Pool => {
    const pool = new pg.Pool({ connectionString: cluster.connectionString, max, min: 0, idleTimeoutMillis: 30_000, allowExitOnIdle: true });
    pool.on('error', () => undefined); // PostgreSQL ended; the next statement says so
    pool.on('connect', (client) => open.add(client));
    pool.on('remove', (client) => open.delete(client));
    return pool;
  };
  const pool = openPool(12);
  const aside = openPool(2);
  const log = openStatementLog(dataDir, clock());
  const faults = statementFaults();

  const connect = async (): Promise<pg.PoolClient> => {
    const until = performance.now() + connectWithinMs;
    for (;;) {
      try {
        return await pool.connect();
      } catch (error) {
        if (performance.now() > until) throw new Error(`Connection to the database failed: ${(error as Error).message}`);
      }
      await pause(50);
    }
  };
  const runner = createRunner({
    aside, connect, log, faults, clock, source: options.s3,
    onEnded: (statement) => {
      if (statement.withEvent) options.emit?.(statementEvent(statement, options.region ?? 'eu-west-1', options.account ?? '000000000000'));
    },
  });
  const userOf = (accessKeyId: string): string => {
    const role = options.roleOf?.(accessKeyId);
    return role === undefined ? `IAM:${accessKeyId}` : `IAMR:${role.slice(role.lastIndexOf('/') + 1)}`;
  };
  const query = async (sql: string, values: readonly unknown[]): Promise<Record<string, unknown>[]> => (await aside.query<Record<string, unknown>>(sql, [...values])).rows;

  return {
    ...jsonProtocol(['redshift-data'], operationsOf({ log, runner, query, clock, newId: () => randomUUID(), userOf })),
    port: cluster.port,
    connectionString: cluster.connectionString,
    get pid() {
      return cluster.pid();
    },
    admin(method, body) {
      if (method === 'GET') return { status: 200, body: faults.report() };
      if (method === 'DELETE') faults.clear();
      else {
        try {
          faults.order(orderedFault(JSON.parse(body.toString('utf8'))));
        } catch (error) {
          return { status: 400, body: { message: (error as Error).message } };
        }
      }
      return { status: 200, body: faults.report() };
    },
    async close() {
      await Promise.race([runner.settled(), new Promise((end) => setTimeout(end, 1_500).unref())]);
      await Promise.race([Promise.allSettled([pool.end(), aside.end()]), pause(500, undefined, { ref: false })]);
      await cluster.stop();
      log.close();
    },
  };
}
