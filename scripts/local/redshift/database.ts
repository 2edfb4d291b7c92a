import { createHash } from 'node:crypto';
import pg from 'pg';
import { redshiftFunctions } from './functions.ts';
import { systemViews } from './system-views.ts';

const definitions = `CREATE SCHEMA IF NOT EXISTS redshift;\n${redshiftFunctions}${systemViews}`;
const version = createHash('sha256').update(definitions).digest('hex').slice(0, 16);

/** Makes the database and Redshift's functions and views in it, where they are not there yet. */
export async function prepareDatabase(connectionString: string): Promise<void> {
  const first = new pg.Client({ connectionString: connectionString.replace(/\/[^/]*$/, '/postgres') });
  await first.connect();
  const { rowCount } = await first.query("SELECT 1 FROM pg_database WHERE datname = 'orderflow'");
  if (rowCount === 0) await first.query('CREATE DATABASE orderflow');
  await first.end();
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ made: string | null }>("SELECT obj_description(to_regnamespace('redshift'), 'pg_namespace') AS made");
  if (rows[0]?.made !== version) await client.query(`BEGIN; ${definitions} COMMENT ON SCHEMA redshift IS '${version}'; COMMIT`);
  await client.end();
}
