import { withoutErased } from '../tables/personal.ts';
import { columnsOf, tableOf, tables, type Table } from '../tables/tables.ts';

/**
 * The loader's SQL, in Redshift's dialect (https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html): MERGE takes no
 * condition, no alias for its target and no subquery, so the staging table is made unique first and versions are compared
 * inside CASE.
 */
const staged = (table: Table): string => `staged_${table.name}`;
const unique = (table: Table): string => `unique_${table.name}`;

const versionsOf = (table: Table): string[] => Object.keys(table.groups);

/** One row a key: of each group the columns with the highest version. */
function uniqueRows(table: Table): string {
  const by = `PARTITION BY ${table.key.join(', ')}`;
  const only = versionsOf(table).length === 1 && table.identity.length === 0 ? versionsOf(table)[0] : undefined;
  if (only !== undefined) {
    // a row that landed before its table had a version has none
    const inner = columnsOf(table).map((column) => (table.least.includes(column) ? `MIN(${column}) OVER (${by}) AS ${column}` : column));
    return `SELECT ${columnsOf(table).join(', ')} FROM (SELECT ${inner.join(', ')}, ROW_NUMBER() OVER (${by} ORDER BY ${only} DESC NULLS LAST) AS place FROM ${staged(table)}) ranked WHERE place = 1`;
  }
  const best = Object.entries(table.groups).flatMap(([version, columns]) =>
    [...columns, version].map((column) =>
      `FIRST_VALUE(${column}) OVER (${by} ORDER BY ${version} DESC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS ${column}`));
  const select = [...table.key, ...table.identity.map((column) => `MAX(${column}) OVER (${by}) AS ${column}`), ...best,
    `ROW_NUMBER() OVER (${by} ORDER BY ${versionsOf(table).map((version) => `${version} DESC NULLS LAST`).join(', ')}) AS place`];
  const columns = columnsOf(table).join(', ');
  const counted = `(SELECT ${columns}, COUNT(*) OVER (${by}) AS copies FROM ${staged(table)}) counted`;
  // most keys come once; a sort of whole rows for each group is for the others alone
  return `SELECT ${columns} FROM ${counted} WHERE copies = 1
UNION ALL SELECT ${columns} FROM (SELECT ${select.join(', ')} FROM ${counted} WHERE copies > 1) ranked WHERE place = 1`;
}

function merge(table: Table): string {
  const { name } = table;
  const updates = [
    ...table.identity.map((column) => `${column} = COALESCE(${name}.${column}, s.${column})`),
    ...Object.entries(table.groups).flatMap(([version, columns]) =>
      [...columns, version].map((column) =>
        `${column} = CASE WHEN s.${version} > COALESCE(${name}.${version}, '') THEN s.${column} ELSE ${name}.${column} END`)),
    ...table.least.map((column) => `${column} = LEAST(${name}.${column}, s.${column})`),
    'batch_id = :batch',
  ];
  const committed = name === 'loaded_event';
  const insert = [...columnsOf(table), 'batch_id', ...(committed ? ['committed_at'] : [])];
  const values = [...columnsOf(table).map((column) => `s.${column}`), ':batch', ...(committed ? ['GETDATE()'] : [])];
  return `MERGE INTO ${name} USING ${unique(table)} s ON ${table.key.map((column) => `${name}.${column} = s.${column}`).join(' AND ')}
WHEN MATCHED THEN UPDATE SET ${updates.join(', ')}
WHEN NOT MATCHED THEN INSERT (${insert.join(', ')}) VALUES (${values.join(', ')})`;
}

const linesTables = (document: Table): Table[] => tables.filter((other: Table) => other.linesOf?.table === document.name);

/** Lines that a newer snapshot of their document no longer has. Only documents of this load are looked at. */
const dropOldLines = (document: Table): string[] =>
  linesTables(document).map((lines) => {
    const { key = '', version: ofLines = '' } = lines.linesOf ?? {};
    return `DELETE FROM ${lines.name} USING ${document.name} document, ${staged(document)} s
WHERE document.${key} = ${lines.name}.${key} AND s.${key} = ${lines.name}.${key} AND s.${ofLines} IS NOT NULL
AND ${lines.name}.${versionsOf(lines)[0] ?? ''} < document.${ofLines}`;
  });

const safe = /^[A-Za-z0-9!_.*'()/:=,+@ -]+$/;

/** Statements that load one table from the files named by the manifest at `manifest`. */
function tableStatements(table: Table, manifest: string, role: string): string[] {
  for (const value of [manifest, role]) if (!safe.test(value) || value.includes("'")) throw new Error(`not fit for SQL: ${value}`);
  return [
    `CREATE TEMP TABLE ${staged(table)} (LIKE ${table.name})`,
    // COPY takes no bound parameters; both values are made by us and checked above
    `COPY ${staged(table)} FROM '${manifest}' IAM_ROLE ${role === 'default' ? 'default' : `'${role}'`} FORMAT JSON 'auto' GZIP MANIFEST TIMEFORMAT 'auto'`,
    `CREATE TEMP TABLE ${unique(table)} AS ${withoutErased(table, uniqueRows(table))}`,
    merge(table),
  ];
}

/** Most statements that a batch may hold (https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html). */
const mostStatements = 40;
/** Of those, the lock and the manifest row. */
const ownStatements = 2;

/** Tables by transaction: as many whole tables as fit; a document stays with its lines. */
export function chunksOf(names: readonly string[]): string[][] {
  const present: Table[] = tables.filter(({ name }) => names.includes(name));
  const costOf = (table: Table): number => 4 + linesTables(table).length;
  const chunks: string[][] = [[]];
  let cost = ownStatements;
  for (const table of present) {
    const follows = table.linesOf !== undefined && names.includes(table.linesOf.table);
    const withLines = linesTables(table).filter(({ name }) => names.includes(name)).reduce((sum, lines) => sum + costOf(lines), costOf(table));
    if (!follows && cost + withLines > mostStatements) {
      chunks.push([]);
      cost = ownStatements;
    }
    chunks.at(-1)?.push(table.name);
    cost += costOf(table);
  }
  return chunks;
}

/** Serialises loads: two started by mistake run one after the other. */
const lock = 'LOCK load_lock';

const manifestRow = `INSERT INTO load_batch (batch_id, chunk, chunks, fence, table_names, landed, rows_landed, events, committed_at)
SELECT :batch, :chunk::INTEGER, :chunks::INTEGER, :fence::BIGINT, :table_names, :landed::INTEGER, :rows_landed::BIGINT, :events::BIGINT, GETDATE()
WHERE NOT EXISTS (SELECT 1 FROM load_batch WHERE batch_id = :batch AND chunk = :chunk::INTEGER)`;

/** One transaction: lock, whole tables, manifest row. */
export const chunkStatements = (names: readonly string[], manifestOf: (table: string) => string, role: string): string[] => [
  lock,
  ...names.flatMap((name) => tableStatements(tableOf(name), manifestOf(name), role)),
  ...names.flatMap((name) => dropOldLines(tableOf(name))),
  manifestRow,
];

export const committedChunks = 'SELECT chunk, chunks FROM load_batch WHERE batch_id = :batch';

export const rejectedRow = `INSERT INTO rejected_row (batch_id, fact_key, fact, table_names, reason, quarantine_ref, rejected_at)
SELECT :batch, :fact_key, :fact, :table_names, :reason, :quarantine_ref, GETDATE()
WHERE NOT EXISTS (SELECT 1 FROM rejected_row WHERE batch_id = :batch AND fact_key = :fact_key AND fact = :fact)`;
