import type { JsonOperation } from '../service.ts';
import { invalid, target, text, whole, type Input } from './request.ts';

type Query = (sql: string, values: readonly unknown[]) => Promise<Record<string, unknown>[]>;

/** One page of a list; NextToken is the place in it. */
function paged<T>(input: Input, all: readonly T[]): { page: T[]; next: { NextToken?: string } } {
  const token = text(input, 'NextToken');
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0) throw invalid('Invalid NextToken');
  const to = from + (whole(input, 'MaxResults', 0, 1_000) || 1_000);
  return { page: all.slice(from, to), next: to < all.length ? { NextToken: String(to) } : {} };
}

const kinds: Readonly<Record<string, string>> = { r: 'TABLE', p: 'TABLE', v: 'VIEW', m: 'VIEW' };
const system = "('pg_toast', 'redshift')";
const schemaName = "CASE n.nspname WHEN 'redshift' THEN 'pg_catalog' ELSE n.nspname END";

/** Lists of databases, schemas, tables and columns. */
export const catalogOperations = (query: Query): Record<string, JsonOperation> => ({
  ListDatabases(input) {
    target(input);
    const { page, next } = paged(input, ['orderflow']);
    return { Databases: page, ...next };
  },
  async ListSchemas(input) {
    target(input);
    const rows = await query(`SELECT nspname AS name FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_temp%' AND nspname NOT LIKE 'pg\\_toast%' AND nspname <> 'redshift' AND nspname LIKE $1 ORDER BY 1`, [text(input, 'SchemaPattern') ?? '%']);
    const { page, next } = paged(input, rows.map(({ name }) => String(name)));
    return { Schemas: page, ...next };
  },
  async ListTables(input) {
    target(input);
    const rows = await query(
      `SELECT c.relname AS name, ${schemaName} AS schema, c.relkind AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname NOT LIKE 'pg\\_temp%' AND n.nspname <> 'pg_toast' AND ${schemaName} LIKE $1 AND c.relname LIKE $2 ORDER BY 2, 1`,
      [text(input, 'SchemaPattern') ?? '%', text(input, 'TablePattern') ?? '%'],
    );
    const isSystem = (schema: unknown): boolean => schema === 'pg_catalog' || schema === 'information_schema';
    const tables = rows.map(({ name, schema, kind }) => ({ name, schema, type: `${isSystem(schema) ? 'SYSTEM ' : ''}${kinds[String(kind)] ?? 'TABLE'}` }));
    const { page, next } = paged(input, tables);
    return { Tables: page, ...next };
  },
  async DescribeTable(input) {
    target(input);
    const table = text(input, 'Table');
    const rows = await query(
      `SELECT a.attname AS name, t.typname AS type, a.attnotnull AS "notNull", c.relname AS "table", n.nspname AS schema, pg_get_expr(d.adbin, d.adrelid) AS "default",
         CASE WHEN a.atttypid IN (1042, 1043) AND a.atttypmod > 4 THEN a.atttypmod - 4 WHEN a.atttypid = 1700 AND a.atttypmod > 4 THEN (a.atttypmod - 4) >> 16
           WHEN a.atttypid = 23 THEN 10 WHEN a.atttypid = 20 THEN 19 WHEN a.atttypid = 21 THEN 5 WHEN a.atttypid = 1114 THEN 29 WHEN a.atttypid = 1082 THEN 13 ELSE 0 END AS length,
         CASE WHEN a.atttypid = 1700 AND a.atttypmod > 4 THEN (a.atttypmod - 4) & 65535 ELSE 0 END AS scale
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
       WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND ($1::text IS NOT NULL OR n.nspname NOT IN ${system})
         AND ($1::text IS NULL OR c.relname = $1) AND ($2::text IS NULL OR n.nspname = $2) ORDER BY n.nspname, c.relname, a.attnum`,
      [table ?? null, text(input, 'Schema') ?? null],
    );
    const columns = rows.map((row) => ({
      name: row['name'], label: row['name'], typeName: row['type'] === 'jsonb' ? 'super' : row['type'], nullable: row['notNull'] === true ? 0 : 1, length: row['length'],
      precision: row['length'], scale: row['scale'], schemaName: row['schema'] === 'redshift' ? 'pg_catalog' : row['schema'], tableName: row['table'], isCaseSensitive: false, isCurrency: false,
      isSigned: /^(int|float|numeric)/.test(String(row['type'])), ...(row['default'] !== null && { columnDefault: row['default'] }),
    }));
    const { page, next } = paged(input, columns);
    return { ...(table !== undefined && { TableName: table }), ColumnList: page, ...next };
  },
});
