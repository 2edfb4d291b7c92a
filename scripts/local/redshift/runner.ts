import type pg from 'pg';
import type { CopySource } from './copy/files.ts';
import { Cancelled, wordsOf } from './errors.ts';
import { execute, type Execution } from './execute.ts';
import { strike, type StatementFaults } from './faults.ts';
import { isolationOf } from './isolation.ts';
import { noteLoadErrors } from './system-views.ts';
import { keepResult } from './results.ts';
import { hasEnded, type Statement, type StatementLog } from './statement-log.ts';

export interface RunnerParts {
  /** Connections of our own, apart from those that statements hold. */
  readonly aside: pg.Pool;
  /** A connection, waited for while the database starts again. */
  readonly connect: () => Promise<pg.PoolClient>;
  readonly log: StatementLog;
  readonly source: CopySource;
  readonly faults: StatementFaults;
  readonly clock: () => number;
  readonly onEnded: (statement: Statement) => void;
}

interface Running {
  readonly done: Promise<void>;
  cancel(): Promise<void>;
  /** Somebody has asked how it goes. */
  polled(): void;
}

export interface Runner {
  submit(statement: Statement, token: string | undefined, request: string): void;
  running(id: string): Running | undefined;
  active(): number;
  settled(): Promise<unknown>;
}

/** What is known of a statement while it runs. */
interface Control {
  pid: number;
  cancelled: boolean;
  readonly polled: Promise<void>;
}

const mostUnpolledMs = 2_000;

/** An ordered fault: an abort comes when somebody has asked how it goes, a collision with the last statement. */
async function meet(fault: 'abort' | 'collide', last: boolean, control: Control): Promise<void> {
  if (fault === 'abort') await Promise.race([control.polled, new Promise((late) => setTimeout(late, mostUnpolledMs).unref())]);
  if (fault === 'abort' || last) strike(fault, control.pid);
}

/** Runs statements one after the other in a session each, keeps their states and results. */
export function createRunner({ aside, connect, log, source, faults, clock, onEnded }: RunnerParts): Runner {
  const active = new Map<string, Running>();
  const isolation = isolationOf(aside);

  const runPart = async (statement: Statement, at: number, client: pg.PoolClient, control: Control, fault: 'abort' | 'collide' | undefined): Promise<void> => {
    const part = statement.parts[at];
    if (!part) return;
    const started = performance.now();
    part.state = 'STARTED';
    try {
      if (control.cancelled) throw new Cancelled(control.pid);
      if (fault !== undefined) await meet(fault, at === statement.parts.length - 1, control);
      const execution: Execution = {
        client, source, parameters: new Map(statement.parameters.map(({ name, value }) => [name, value])), inTransaction: statement.transaction, begin: await isolation.begin(),
        note: (errors) => noteLoadErrors(aside, part.queryId, control.pid, errors), queryId: part.queryId,
      };
      const { rows, result } = await execute(part.sql, execution);
      if (/^\s*ALTER\s+DATABASE\b/i.test(part.sql)) isolation.forget();
      if (result) keepResult(log, statement.batch ? `${statement.id}:${at + 1}` : statement.id, result);
      Object.assign(part, { state: 'FINISHED', rows, bytes: result?.bytes ?? 0, ...(result && { columns: result.columns }) });
    } catch (error) {
      if (!statement.transaction) await client.query('ROLLBACK').catch(() => undefined);
      part.state = control.cancelled || error instanceof Cancelled ? 'ABORTED' : 'FAILED';
      part.error = control.cancelled ? wordsOf(new Cancelled(control.pid)) : wordsOf(error);
      throw error;
    } finally {
      part.durationNs = Math.round((performance.now() - started) * 1e6);
      part.updatedAt = clock();
    }
  };

  const runParts = async (statement: Statement, client: pg.PoolClient, control: Control): Promise<void> => {
    const fault = faults.take(statement);
    if (statement.transaction) await client.query(await isolation.begin());
    for (const at of statement.parts.keys()) {
      try {
        await runPart(statement, at, client, control, fault);
      } catch (error) {
        statement.error = control.cancelled ? wordsOf(new Cancelled(control.pid)) : wordsOf(error);
        if (statement.transaction || control.cancelled) throw error;
      }
    }
    if (statement.transaction) await client.query('COMMIT');
    statement.state = statement.error === undefined ? 'FINISHED' : 'FAILED';
  };

  const run = async (statement: Statement, control: Control): Promise<void> => {
    statement.state = 'PICKED';
    const client = await connect();
    const started = performance.now();
    control.pid = statement.pid = (client as unknown as { processID: number }).processID;
    statement.state = 'STARTED';
    let lost: Error | undefined;
    const onLost = (error: Error): void => void (lost = error);
    client.on('error', onLost);
    try {
      await runParts(statement, client, control);
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      statement.state = control.cancelled || error instanceof Cancelled ? 'ABORTED' : 'FAILED';
      statement.error = control.cancelled ? wordsOf(new Cancelled(control.pid)) : wordsOf(error);
      for (const part of statement.parts) if (!hasEnded(part)) part.state = 'ABORTED';
    } finally {
      // each call is a session of its own: what it set and its temporary tables end with it
      const kept = statement.transaction || statement.parts.every(({ sql }) => /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE|MERGE)\b/i.test(sql) && !/\bINTO\s+(TEMP|#)/i.test(sql));
      if (!kept && !lost && !control.cancelled) await client.query('DISCARD ALL').catch((error: unknown) => (lost = error as Error));
      client.off('error', onLost);
      client.release(lost ?? control.cancelled); // an interrupt still on its way must not meet another's statement
      statement.durationNs = Math.round((performance.now() - started) * 1e6);
      statement.updatedAt = clock();
    }
  };

  return {
    submit(statement, token, request) {
      let polled: () => void = () => undefined;
      const control: Control = { pid: 0, cancelled: false, polled: new Promise((resolve) => (polled = resolve)) };
      log.add(statement, token, request);
      const done = run(statement, control)
        .catch((error: unknown) => {
          statement.state = control.cancelled ? 'ABORTED' : 'FAILED';
          statement.error = wordsOf(error);
        })
        .then(() => {
          active.delete(statement.id);
          log.save(statement);
          onEnded(statement);
        });
      active.set(statement.id, {
        done,
        polled,
        async cancel() {
          control.cancelled = true;
          const interrupt = async (): Promise<void> => {
            if (control.pid > 0) await aside.query('SELECT pg_cancel_backend($1)', [control.pid]).catch(() => undefined);
          };
          // a session between two queries takes no notice of it: it is told until the statement has ended
          const again = setInterval(() => void interrupt(), 50);
          void done.then(() => clearInterval(again));
          await interrupt();
        },
      });
    },
    running: (id) => active.get(id),
    active: () => active.size,
    settled: () => Promise.all([...active.values()].map(({ done }) => done)),
  };
}
