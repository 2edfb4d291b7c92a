import type { Warehouse } from '@orderflow/shared/aws';

const safe = /^[A-Za-z0-9!_.*()/:=,+@-]+$/;

/** COPY takes no bound parameters; bucket and key are made by us, and checked. */
const copy = (table: string, manifest: string, role: string): string => {
  for (const value of [manifest, role]) if (!safe.test(value)) throw new Error(`not fit for SQL: ${value}`);
  return `COPY ${table} FROM '${manifest}' IAM_ROLE ${role === 'default' ? 'default' : `'${role}'`} FORMAT JSON 'auto' GZIP MANIFEST TIMEFORMAT 'auto'`;
};

/** Runs statements as one transaction. @throws Error with the database's reason */
export async function transact(warehouse: Warehouse, statements: readonly string[], parameters: Readonly<Record<string, string>>, token: string): Promise<void> {
  const result = await warehouse.transaction(statements, parameters, token);
  if (result.outcome === 'failed') throw new Error(`reconcile: ${result.reason}`);
}

/** Lines of a comparison that was begun before and did not end go first. */
export const takeLines = (manifest: string, role: string): string[] => ['DELETE FROM reconcile_line WHERE run_id = :run', copy('reconcile_line', manifest, role)];

/** Results of a run, instead of what an earlier attempt of the same one has left; its lines go, and what is older than 90 days. */
export const keepResults = (manifests: Readonly<Record<string, string>>, role: string): string[] => [
  'DELETE FROM reconcile_line WHERE run_id = :run',
  ...['reconcile_run', 'reconcile_sum', 'reconcile_difference'].map((table) => `DELETE FROM ${table} WHERE run_id = :run`),
  ...['reconcile_sum', 'reconcile_difference'].map((table) => `DELETE FROM ${table} WHERE run_id IN (SELECT run_id FROM reconcile_run WHERE run_at < DATEADD(day, -90, GETDATE()))`),
  'DELETE FROM reconcile_run WHERE run_at < DATEADD(day, -90, GETDATE())',
  ...Object.entries(manifests).map(([table, manifest]) => copy(table, manifest, role)),
];
