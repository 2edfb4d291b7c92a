import type { Clock, Invocation, Log } from '@orderflow/shared/lambda';
import { StatementFailed, type Warehouse } from '@orderflow/shared/aws';
import type { Lease } from '../load/lease.ts';
import { outstanding, type Migration } from './migration.ts';

export interface Migrate {
  migrations(): readonly Migration[];
  readonly warehouse: Warehouse;
  /** The loader's own: loads wait while the schema changes. */
  readonly lease: Lease;
  readonly writerRoles: readonly string[];
  /** Parameters of the stage that views use, by name. */
  readonly settings: Readonly<Record<string, string>>;
  pause(milliseconds: number): Promise<void>;
  /** Answers CloudFormation at the address that it gave. */
  reply(url: string, body: unknown): Promise<void>;
  readonly log: Log;
  readonly clock: Clock;
}

/** A custom resource's request, or anything else when called by hand. */
export interface MigrateInput {
  readonly RequestType?: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL?: string;
  readonly StackId?: string;
  readonly RequestId?: string;
  readonly LogicalResourceId?: string;
}

const book = `CREATE TABLE IF NOT EXISTS schema_migration (version INTEGER NOT NULL, name VARCHAR(128), checksum VARCHAR(64), applied_at TIMESTAMP, PRIMARY KEY (version)) DISTSTYLE ALL`;
const entry = `INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (:version::INTEGER, :name, :checksum, GETDATE())`;

/** Statements of one transaction; those of a longer file run in several, which is why each of them can be repeated. */
const mostStatements = 39;

async function apply({ version, name, checksum, statements }: Migration, warehouse: Warehouse, token: string): Promise<void> {
  const parts: string[][] = [];
  for (let at = 0; at < statements.length; at += mostStatements) parts.push(statements.slice(at, at + mostStatements));
  for (const [at, part] of parts.entries()) {
    const last = at === parts.length - 1;
    const parameters = last ? { version: String(version), name, checksum } : {};
    const result = await warehouse.transaction(last ? [...part, entry] : part, parameters, `${token}-${version}-${at}`);
    if (result.outcome === 'failed') throw new StatementFailed(`migration ${version} (${name}): ${result.reason}`);
  }
}

const roleName = /^[\w+=,.@-]{1,64}$/;
const tableNames = /^[a-z_]{1,64}( [a-z_]{1,64})*$/;

/** `role`: writes every table; `role=table table`: only those. @throws Error when it is neither */
function writerOf(text: string): { readonly role: string; readonly tables: string } {
  const [role = '', names] = text.split('=');
  if (!roleName.test(role)) throw new Error(`not the name of a role: ${role}`);
  if (names !== undefined && !tableNames.test(names)) throw new Error(`not names of tables: ${names}`);
  return { role, tables: names === undefined ? 'ALL TABLES IN SCHEMA public' : names.split(' ').join(', ') };
}

/** Every role that may connect reads; the writers' database users are made and may write. */
async function grant(writers: readonly string[], warehouse: Warehouse): Promise<void> {
  await warehouse.query('GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC');
  for (const { role, tables } of writers.map(writerOf)) {
    const user = `"IAMR:${role}"`;
    const known = await warehouse.query('SELECT COUNT(*) FROM pg_user WHERE usename = :name', { name: `IAMR:${role}` });
    if (Number(known[0]?.[0]) === 0) await warehouse.query(`CREATE USER ${user} PASSWORD DISABLE`);
    await warehouse.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${tables} TO ${user}`);
  }
}

/** Writes what differs; nothing does after the first time, unless the stage has changed its mind. */
async function set(settings: Migrate['settings'], warehouse: Warehouse, token: string): Promise<void> {
  const known = new Map((await warehouse.query('SELECT name, value FROM setting')).map(([name, value]) => [String(name), String(value)]));
  for (const [name, value] of Object.entries(settings)) {
    if (known.get(name) === value) continue;
    const result = await warehouse.transaction(
      ['DELETE FROM setting WHERE name = :name', 'INSERT INTO setting (name, value) SELECT :name, :value'], { name, value }, `${token.slice(0, 40)}-${name}`.slice(0, 64),
    );
    if (result.outcome === 'failed') throw new StatementFailed(`setting ${name}: ${result.reason}`);
  }
}

const missing = async (deps: Migrate): Promise<Migration[]> => {
  await deps.warehouse.query(book);
  const applied = await deps.warehouse.query('SELECT version, checksum FROM schema_migration ORDER BY version');
  return outstanding(deps.migrations(), applied.map(([version, checksum]) => ({ version: Number(version), checksum: String(checksum).trim() })));
};

async function migrate(holder: string, deps: Migrate): Promise<number[]> {
  const { warehouse, lease, log, clock } = deps;
  // nothing to do needs no lease: a start after a kill does not wait for the dead loader's to end
  if ((await missing(deps)).length === 0) return [];
  const leaseMs = 600_000;
  for (let waited = 0; !(await lease.take(holder, { batch: 'migrate', names: [] }, clock() + leaseMs, clock())); waited += 500) {
    if (waited > 120_000) throw new Error('a load holds the lease; migrate again when it has ended');
    await deps.pause(500);
  }
  try {
    const next = await missing(deps);
    for (const migration of next) {
      await apply(migration, warehouse, holder.slice(0, 40));
      log.info('MIGRATED', { version: migration.version, name: migration.name });
    }
    await grant(deps.writerRoles, warehouse);
    return next.map(({ version }) => version);
  } finally {
    await lease.release(holder);
  }
}

/**
 * Brings the schema to the state of the bundle. Deployed as a custom resource, so that `serverless deploy` runs it; a
 * deletion of the stack leaves the tables alone.
 */
export async function handle(input: MigrateInput, deps: Migrate, { requestId }: Pick<Invocation, 'requestId'>): Promise<{ applied: number[] }> {
  const answer = (status: 'SUCCESS' | 'FAILED', more: object): Promise<void> =>
    input.ResponseURL === undefined
      ? Promise.resolve()
      : deps.reply(input.ResponseURL, {
        Status: status, PhysicalResourceId: 'warehouse-schema', StackId: input.StackId, RequestId: input.RequestId,
        LogicalResourceId: input.LogicalResourceId, ...more,
      });
  try {
    const applied = input.RequestType === 'Delete' ? [] : await migrate(requestId, deps);
    if (input.RequestType !== 'Delete') await set(deps.settings, deps.warehouse, requestId);
    await answer('SUCCESS', { Data: { Applied: applied.join(' ') } });
    return { applied };
  } catch (error) {
    // CloudFormation waits an hour for an answer that does not come
    await answer('FAILED', { Reason: error instanceof Error ? error.message.slice(0, 1_000) : 'unknown' });
    throw error;
  }
}
