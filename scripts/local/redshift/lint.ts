import { mask, statementsOf } from './masked.ts';

/**
 * What PostgreSQL takes and Redshift refuses, or does differently in silence. No parser on npm judges Redshift SQL, so
 * this is a list of forms; the local warehouse refuses them too. Each names the page it is from.
 */
interface Forbidden {
  readonly form: RegExp;
  readonly instead: string;
}

const docs = 'https://docs.aws.amazon.com/redshift/latest/dg';

const forbidden: readonly Forbidden[] = [
  { form: /\bON\s+CONFLICT\b/i, instead: `ON CONFLICT: use MERGE (${docs}/r_MERGE.html)` },
  { form: /\bRETURNING\b/i, instead: 'RETURNING: read the rows back in a statement of its own' },
  { form: /->>?|#>>?|@>|<@/, instead: 'JSON operators: use a SUPER path or JSON_EXTRACT_PATH_TEXT' },
  { form: /\b(BIG|SMALL)?SERIAL\b/i, instead: 'SERIAL: use IDENTITY(1,1)' },
  { form: /\bGENERATED\s+(ALWAYS|BY\s+DEFAULT)\s+AS\s+IDENTITY\b/i, instead: 'GENERATED AS IDENTITY: use IDENTITY(1,1)' },
  { form: /\bCREATE\s+(UNIQUE\s+)?INDEX\b/i, instead: `CREATE INDEX: Redshift has sort keys (${docs}/c_unsupported-postgresql-features.html)` },
  { form: /\bJSONB?\b(?!\s*(AS\s*)?[\u0001])(?=\s*[,)]|\s+NOT|\s+NULL)/i, instead: 'JSON/JSONB columns: use SUPER' },
  { form: /\bJSONB_\w+\s*\(/i, instead: 'jsonb functions: use SUPER functions' },
  { form: /\b(UUID|BYTEA|INET|CIDR|MONEY|TSVECTOR|INT4RANGE|TSTZRANGE|XML)\b\s*[,)]/i, instead: 'a type that Redshift lacks: use VARCHAR or VARBYTE' },
  { form: /\bTEXT\b\s*(?=[,)]|\s+NOT|\s+NULL)/i, instead: 'TEXT is VARCHAR(256) on Redshift: give VARCHAR a length' },
  { form: /\bNUMERIC\s*(?=[,)])/i, instead: 'NUMERIC without precision is (18,0) on Redshift: give both' },
  { form: /\bDECIMAL\s*(?=[,)])/i, instead: 'DECIMAL without precision is (18,0) on Redshift: give both' },
  { form: /\[\s*\]|\bARRAY\s*\[/i, instead: 'PostgreSQL arrays: use SUPER' },
  { form: /\bLATERAL\b/i, instead: 'LATERAL: unnest by FROM t, t.super_column' },
  { form: /\bFILTER\s*\(\s*WHERE\b/i, instead: 'aggregate FILTER: use CASE inside the aggregate' },
  { form: /\bDISTINCT\s+ON\b/i, instead: 'DISTINCT ON: use ROW_NUMBER()' },
  { form: /\bGENERATE_SERIES\s*\(/i, instead: 'generate_series runs on the leader node only: use a table of numbers or a recursive CTE' },
  { form: /\bSTRING_AGG\s*\(|\bARRAY_AGG\s*\(/i, instead: 'string_agg, array_agg: use LISTAGG' },
  { form: /\bNOW\s*\(|\bCURRENT_TIMESTAMP\b|\bLOCALTIMESTAMP\b|\bCLOCK_TIMESTAMP\s*\(|\bAGE\s*\(/i, instead: `leader-node functions of time: use GETDATE() or SYSDATE (${docs}/c_SQL_functions_leader_node_only.html)` },
  { form: /\bFOR\s+(NO\s+KEY\s+)?UPDATE\b|\bFOR\s+SHARE\b/i, instead: 'row locks: use LOCK' },
  { form: /\bPG_ADVISORY\w*\s*\(/i, instead: 'advisory locks: use LOCK' },
  { form: /\bCREATE\s+(OR\s+REPLACE\s+)?(TRIGGER|RULE|SEQUENCE|EXTENSION|DOMAIN|TYPE)\b/i, instead: 'triggers, rules, sequences, extensions, domains and types do not exist on Redshift' },
  { form: /\bPARTITION\s+BY\s+(RANGE|LIST|HASH)\b|\bINHERITS\s*\(/i, instead: 'partitioned or inherited tables: use sort keys' },
  { form: /\bCHECK\s*\(|\bEXCLUDE\s+USING\b/i, instead: 'CHECK and EXCLUDE constraints do not exist on Redshift' },
  { form: /\bUNLOGGED\b|\bTABLESPACE\b|\bON\s+COMMIT\b/i, instead: 'UNLOGGED, TABLESPACE, ON COMMIT: leave out' },
  { form: /\bINTERVAL\s+\u0001\d+\u0001\s*(YEAR|MONTH)\s+TO\b/i, instead: 'interval ranges: use DATEADD' },
  { form: /\bIS\s+(NOT\s+)?DISTINCT\s+FROM\b/i, instead: 'IS DISTINCT FROM: use NVL or compare both for NULL' },
  { form: /\bADD\s+COLUMN\s+IF\s+NOT\s+EXISTS\b/i, instead: 'ADD COLUMN IF NOT EXISTS: a migration runs once, leave IF NOT EXISTS out' },
  { form: /\bTABLESAMPLE\b|\bROWS\s+FROM\b|\bMATERIALIZED\s*\(/i, instead: 'a clause that Redshift lacks' },
];

const merge: readonly Forbidden[] = [
  { form: /\bWHEN\s+(NOT\s+)?MATCHED\s+AND\b/i, instead: `MERGE … WHEN MATCHED AND: put the condition into CASE (${docs}/r_MERGE.html)` },
  { form: /\bMERGE\s+INTO\s+[\w."\u0001]+\s+(AS\s+)?(?!USING\b)\w+\s+USING\b/i, instead: 'MERGE with an alias for its target: name the table itself' },
  { form: /\bUSING\s*\(/i, instead: 'MERGE from a subquery: put the rows into a staging table first' },
  { form: /\bDO\s+NOTHING\b|\bNOT\s+MATCHED\s+BY\b|\bOVERRIDING\b/i, instead: 'MERGE clause that Redshift lacks' },
];

/** Faults of one statement, each saying what to write instead; empty when none is known. */
export function redshiftFaults(statement: string, inTransaction = false): string[] {
  const { code } = mask(statement);
  const faults = forbidden.filter(({ form }) => form.test(code)).map(({ instead }) => instead);
  if (/^\s*MERGE\b/i.test(code)) {
    faults.push(...merge.filter(({ form }) => form.test(code)).map(({ instead }) => instead));
    const removes = /\bREMOVE\s+DUPLICATES\b/i.test(code);
    if (!removes && !(/\bWHEN\s+MATCHED\b/i.test(code) && /\bWHEN\s+NOT\s+MATCHED\b/i.test(code))) {
      faults.push('MERGE needs both clauses, WHEN MATCHED and WHEN NOT MATCHED');
    }
  }
  if (inTransaction && /^\s*TRUNCATE\b/i.test(code)) faults.push('TRUNCATE commits the transaction: use DELETE');
  if (inTransaction && /^\s*(VACUUM|CREATE\s+DATABASE|ALTER\s+TABLE\s+[\w.]+\s+APPEND)\b/i.test(code)) {
    faults.push('this statement cannot run inside a transaction');
  }
  return faults;
}

/** Faults of every statement of a script, with the number of the statement from 1. */
export const scriptFaults = (script: string): { statement: number; fault: string }[] =>
  statementsOf(script).flatMap((statement, at) =>
    redshiftFaults(statement, true).map((fault) => ({ statement: at + 1, fault })),
  );
