import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { postgresFolder } from './redshift/binaries.ts';
import { startCluster } from './redshift/cluster.ts';
import type { CopySource } from './redshift/copy.ts';
import { execute, noteLoadError, wordsOf } from './redshift/execute.ts';
import { redshiftFunctions } from './redshift/functions.ts';
import { operationsOf } from './redshift/operations.ts';
import { resultStore } from './redshift/results.ts';
import { openStatementLog, type Statement } from './redshift/statement-log.ts';
import { jsonProtocol, type LocalService } from './service.ts';

export interface RedshiftOptions {
  /** Database files and statement states stand here. */
  readonly dataDir: string;
  /** Objects that COPY reads. */
  readonly s3: CopySource;
  /** Called when a statement that was sent `WithEvent` has ended. */
  readonly onStatementFinished?: (statement: Statement) => void;
  readonly clock?: () => number;
  /** Folders to look for the PostgreSQL package in, upwards; default: the working folder and that of the program. */
  readonly searchFrom?: readonly string[];
}

export interface LocalRedshift extends LocalService {
  /** Of PostgreSQL. */
  readonly port: number;
  readonly connectionString: string;
  readonly pid: number;
}

/** The Redshift Data API over an embedded PostgreSQL (https://docs.aws.amazon.com/redshift-data/latest/APIReference/). */
export async function startRedshift(options: RedshiftOptions): Promise<LocalRedshift> {
  const clock = options.clock ?? Date.now;
  const native = await postgresFolder(options.searchFrom ?? [process.cwd(), dirname(process.argv[1] ?? '.')]);
  const dataDir = join(options.dataDir, 'redshift');
  const cluster = await startCluster(native, dataDir);
  const pool = await openPool(cluster.connectionString);
  const log = openStatementLog(dataDir, clock());
  const results = resultStore();
  const running = new Map<string, { done: Promise<void>; cancel: () => Promise<void> }>();

  const runStatement = async (statement: Statement, transaction: boolean, session: { pid: number; cancelled: boolean }): Promise<void> => {
    const started = performance.now();
    const parameters = new Map(statement.parameters.map(({ name, value }) => [name, value]));
    const client = await pool.connect();
    session.pid = (client as unknown as { processID: number }).processID;
    statement.state = 'STARTED';
    try {
      if (transaction) await client.query('BEGIN');
      for (const [at, part] of statement.parts.entries()) {
        if (isCancelled(session)) throw new Error('ERROR: Query cancelled on user request');
        const partStarted = performance.now();
        part.state = 'STARTED';
        try {
          const { rows, result } = await execute(client, part.sql, parameters, transaction, options.s3);
          Object.assign(part, { state: 'FINISHED', rows, bytes: result?.bytes ?? 0, hasResult: result !== undefined });
          if (result) results.put(statement.batch ? `${statement.id}:${at + 1}` : statement.id, result);
        } catch (error) {
          part.state = session.cancelled ? 'ABORTED' : 'FAILED';
          part.error = wordsOf(error);
          if (transaction) throw error;
          statement.error = part.error;
          await noteLoadError(pool, error).catch(() => undefined);
        } finally {
          part.durationNs = Math.round((performance.now() - partStarted) * 1e6);
          part.updatedAt = clock();
        }
      }
      if (transaction) await client.query('COMMIT');
      statement.state = statement.error === undefined ? 'FINISHED' : 'FAILED';
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      await noteLoadError(pool, error).catch(() => undefined);
      statement.state = session.cancelled ? 'ABORTED' : 'FAILED';
      statement.error = wordsOf(error);
      for (const part of statement.parts) if (part.state === 'SUBMITTED') part.state = 'ABORTED';
    } finally {
      if (!transaction) await client.query('DISCARD TEMP').catch(() => undefined);
      client.release();
      statement.durationNs = Math.round((performance.now() - started) * 1e6);
      statement.updatedAt = clock();
    }
  };

  const operations = operationsOf({
    log, results, clock, pool,
    newId: () => randomUUID(),
    submit(statement, token, transaction, withEvent) {
      const session = { pid: 0, cancelled: false };
      log.add(statement, token);
      const done = runStatement(statement, transaction, session)
        .catch((error: unknown) => {
          statement.state = 'FAILED';
          statement.error = wordsOf(error);
        })
        .then(() => {
          running.delete(statement.id);
          log.save(statement);
          if (withEvent) options.onStatementFinished?.(statement);
        });
      running.set(statement.id, {
        done,
        async cancel() {
          session.cancelled = true;
          if (session.pid > 0) await pool.query('SELECT pg_cancel_backend($1)', [session.pid]);
        },
      });
    },
    running: (id) => running.get(id),
    active: () => running.size,
  });

  return {
    ...jsonProtocol(['redshift-data'], operations),
    port: cluster.port,
    connectionString: cluster.connectionString,
    pid: cluster.pid,
    async close() {
      await Promise.race([Promise.all([...running.values()].map(({ done }) => done)), new Promise((end) => setTimeout(end, 1_500).unref())]);
      await pool.end().catch(() => undefined);
      await cluster.stop();
      log.close();
    },
  };
}

/** Asked anew each time: another call cancels while a statement runs. */
const isCancelled = (session: { readonly cancelled: boolean }): boolean => session.cancelled;

async function openPool(connectionString: string): Promise<pg.Pool> {
  const first = new pg.Client({ connectionString: connectionString.replace(/\/[^/]*$/, '/postgres') });
  await first.connect();
  const { rowCount } = await first.query("SELECT 1 FROM pg_database WHERE datname = 'orderflow'");
  if (rowCount === 0) await first.query('CREATE DATABASE orderflow');
  await first.end();
  const pool = new pg.Pool({ connectionString, max: 12, idleTimeoutMillis: 0, allowExitOnIdle: true });
  pool.on('error', () => undefined); // PostgreSQL ended; the next statement says so
  await pool.query(redshiftFunctions);
  return pool;
}
