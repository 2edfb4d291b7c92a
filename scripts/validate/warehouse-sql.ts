import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chunkStatements, chunksOf, committedChunks, rejectedRow } from '../../services/warehouse/src/load/statements.ts';
import { integrityChecks, totals } from '../../services/warehouse/src/reconcile/integrity.ts';
import { tableNames } from '../../services/warehouse/src/tables/tables.ts';
import { redshiftFaults, scriptFaults } from '../local/redshift/lint.ts';
import type { Finding } from './template.ts';

/** Migrations and the loader's statements hold no form that PostgreSQL takes and Redshift refuses. */
export function checkWarehouseSql(root: string): Finding[] {
  const schema = join(root, 'services/warehouse/schema');
  const migrations = readdirSync(schema).sort().flatMap((file) =>
    scriptFaults(readFileSync(join(schema, file), 'utf8')).map(({ statement, fault }) => ({ where: `schema/${file}, statement ${statement}`, message: fault })));
  const loading = chunksOf(tableNames).flatMap((chunk) => chunkStatements(chunk, (table) => `s3://staging/${table}.json`, 'default'));
  const asked = [committedChunks, rejectedRow, totals, ...integrityChecks.map(({ sql }) => sql)];
  const ours = [...loading.map((sql) => ({ sql, transaction: true })), ...asked.map((sql) => ({ sql, transaction: false }))];
  return [...migrations, ...ours.flatMap(({ sql, transaction }) =>
    redshiftFaults(sql, transaction).map((message) => ({ where: `warehouse: ${sql.slice(0, 60)}`, message })))];
}
