import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { chunkStatements, chunksOf } from '../../services/warehouse/src/load/statements.ts';
import { integrityChecks } from '../../services/warehouse/src/reconcile/integrity.ts';
import { checksumSql } from '../../services/warehouse/src/tables/checksums.ts';
import { columnsOf, tableNames, tables } from '../../services/warehouse/src/tables/tables.ts';
import { portableFaults, scriptFaults } from '../local/redshift/lint.ts';
import type { Finding } from './template.ts';

const statement = /^\s*(SELECT|WITH|INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|COPY|CREATE|ALTER|DROP|TRUNCATE|LOCK|GRANT|REVOKE|COMMENT\s+ON|ANALYZE|VACUUM)\s+\S/;

/** Texts of a source file that are SQL; what is put into a template stands as `x`. */
export function sqlOf(file: string, source: string): { sql: string; line: number }[] {
  const found: { sql: string; line: number }[] = [];
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    const text = ts.isStringLiteralLike(node) ? node.text
      : ts.isTemplateExpression(node) ? node.head.text + node.templateSpans.map(({ literal }) => `x${literal.text}`).join('') : undefined;
    if (text !== undefined && statement.test(text)) found.push({ sql: text, line: parsed.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

/** Every SQL of the product holds only what both Redshift and the local warehouse take. */
export function checkWarehouseSql(root: string): Finding[] {
  const schema = join(root, 'services/warehouse/schema');
  const migrations = readdirSync(schema).sort().flatMap((file) =>
    scriptFaults(readFileSync(join(schema, file), 'utf8')).map(({ statement: number, fault }) => ({ where: `schema/${file}, statement ${number}`, message: fault })));
  const sources = globSync(['services/*/src/**/*.ts', 'shared/**/*.ts', 'scripts/start/**/*.ts'], { cwd: root, exclude: ['**/*.test.ts', '**/node_modules/**'] }).sort();
  const written = sources.flatMap((file) => sqlOf(file, readFileSync(join(root, file), 'utf8')).flatMap(({ sql, line }) => portableFaults(sql).map((message) => ({ where: `${file}:${line}`, message }))));
  // statements that are put together from the tables' descriptions
  const loading = chunksOf(tableNames).flatMap((chunk) => chunkStatements(chunk, (table) => `s3://staging/${table}.json`, 'default')).map((sql) => ({ sql, transaction: true }));
  const asked = integrityChecks.map(({ sql }) => ({ sql, transaction: false }));
  const summed = tables.map((table) => ({ sql: checksumSql(table.name, columnsOf(table).map((column) => ({ table: table.name, column, type: 'character varying' }))), transaction: false }));
  const composed = [...loading, ...asked, ...summed].flatMap(({ sql, transaction }) => portableFaults(sql, transaction).map((message) => ({ where: `warehouse: ${sql.slice(0, 60)}`, message })));
  return [...migrations, ...written, ...composed];
}
