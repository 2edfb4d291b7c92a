import { readdirSync, readFileSync } from 'node:fs';
import { committedChunks, chunkStatements, chunksOf, rejectedRow } from '../../../services/warehouse/src/load/statements.ts';
import { integrityChecks, totals } from '../../../services/warehouse/src/reconcile/integrity.ts';
import { tableNames } from '../../../services/warehouse/src/tables/tables.ts';
import { redshiftFaults, scriptFaults } from './lint.ts';

const schema = 'services/warehouse/schema';

describe('our SQL is Redshift\'s', () => {
  it.each(readdirSync(schema))('%s', (file) => expect(scriptFaults(readFileSync(`${schema}/${file}`, 'utf8'))).toEqual([]));
  it('the loader\'s statements', () => {
    for (const chunk of chunksOf(tableNames)) {
      const statements = chunkStatements(chunk, (table) => `s3://b/${table}.json`, 'default');
      expect(statements.length).toBeLessThanOrEqual(40);
      for (const statement of statements) {
        expect(redshiftFaults(statement, true)).toEqual([]);
        expect(Buffer.byteLength(statement)).toBeLessThan(100 * 1024);
      }
    }
    for (const statement of [committedChunks, rejectedRow, totals, ...integrityChecks.map(({ sql }) => sql)]) expect(redshiftFaults(statement)).toEqual([]);
  });
});

describe('the list of forms that only PostgreSQL takes', () => {
  it.each([
    ['INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING', 'ON CONFLICT'], ['UPDATE t SET a = 1 RETURNING a', 'RETURNING'], ["SELECT a->>'b' FROM t", 'JSON operators'],
    ['CREATE TABLE t (a SERIAL)', 'SERIAL'], ['CREATE UNIQUE INDEX i ON t (a)', 'CREATE INDEX'], ['CREATE TABLE t (a JSONB)', 'JSON/JSONB'], ['CREATE TABLE t (a TEXT, b INTEGER)', 'TEXT'],
    ['CREATE TABLE t (a NUMERIC)', 'NUMERIC'], ['SELECT DISTINCT ON (a) a FROM t', 'DISTINCT ON'], ['SELECT COUNT(*) FILTER (WHERE a) FROM t', 'FILTER'], ['SELECT * FROM t FOR UPDATE', 'row locks'],
    ['MERGE INTO t x USING s ON x.a = s.a WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)', 'alias for its target'],
    ['MERGE INTO t USING (SELECT 1) s ON t.a = s.a WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)', 'subquery'],
    ['MERGE INTO t USING s ON t.a = s.a WHEN MATCHED AND s.b THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)', 'WHEN MATCHED AND'],
    ['MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET a = 1', 'both clauses'], ['TRUNCATE t', 'TRUNCATE commits'],
  ])('%s', (statement, fault) => expect(redshiftFaults(statement, true).join()).toContain(fault));

  it.each([
    "SELECT 'ON CONFLICT' -- RETURNING", 'CREATE TABLE t (a SUPER, b VARCHAR(MAX), c DECIMAL(18,4)) DISTSTYLE ALL',
    'MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = CASE WHEN s.v > t.v THEN s.b ELSE t.b END WHEN NOT MATCHED THEN INSERT (a) VALUES (s.a)',
    "COPY t FROM 's3://b/k' IAM_ROLE default FORMAT JSON 'auto' GZIP", 'DELETE FROM t USING s WHERE t.a = s.a', 'SELECT GETDATE(), SYSDATE',
  ])('takes %s', (statement) => expect(redshiftFaults(statement, true)).toEqual([]));
});
