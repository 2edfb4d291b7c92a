import { portableFaults, redshiftFaults, rules } from './lint.ts';

/** One statement a rule, by the rule's name. */
const refused: Readonly<Record<string, string>> = {
  'ON CONFLICT': 'INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING',
  RETURNING: 'UPDATE t SET a = 1 RETURNING a',
  OVERRIDING: 'INSERT INTO t (a) OVERRIDING SYSTEM VALUE VALUES (1)',
  'insert alias': 'INSERT INTO t AS x (a) VALUES (1)',
  'row assignment': 'UPDATE t SET (a, b) = (1, 2)',
  ONLY: 'UPDATE ONLY t SET a = 1',
  'CREATE INDEX': 'CREATE UNIQUE INDEX i ON t (a)',
  objects: 'CREATE SEQUENCE s',
  'DO block': "DO 'BEGIN END'",
  SAVEPOINT: 'SAVEPOINT a',
  'TRUNCATE many': 'TRUNCATE a, b',
  'TRUNCATE in a transaction': 'TRUNCATE t',
  'not in a transaction': 'ALTER TABLE t ALTER COLUMN a TYPE VARCHAR(20)',
  'EXPLAIN options': 'EXPLAIN ANALYZE SELECT 1',
  'REFRESH CONCURRENTLY': 'REFRESH MATERIALIZED VIEW CONCURRENTLY v',
  'COPY options': 'COPY t FROM STDIN',
  partitions: 'CREATE TABLE t (a INTEGER) PARTITION BY RANGE (a)',
  CHECK: 'CREATE TABLE t (a INTEGER CHECK (a > 0))',
  UNLOGGED: 'CREATE UNLOGGED TABLE t (a INTEGER)',
  'reference actions': 'CREATE TABLE t (a INTEGER REFERENCES u (b) ON DELETE CASCADE)',
  'LIKE INCLUDING': 'CREATE TABLE t (LIKE u INCLUDING ALL)',
  'WITH NO DATA': 'CREATE TABLE t AS SELECT 1 AS a WITH NO DATA',
  'generated column': 'CREATE TABLE t (a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED)',
  SERIAL: 'CREATE TABLE t (a SERIAL)',
  'ALTER TABLE IF EXISTS': 'ALTER TABLE IF EXISTS t ADD COLUMN a INTEGER',
  'ADD COLUMN IF NOT EXISTS': 'ALTER TABLE t ADD COLUMN IF NOT EXISTS a INTEGER',
  'DROP COLUMN IF EXISTS': 'ALTER TABLE t DROP COLUMN IF EXISTS a',
  'ALTER COLUMN': 'ALTER TABLE t ALTER COLUMN a SET NOT NULL',
  'ALTER COLUMN TYPE': 'ALTER TABLE t ALTER COLUMN a TYPE BIGINT',
  'NOT NULL without default': 'ALTER TABLE t ADD COLUMN a INTEGER NOT NULL',
  'MERGE condition': 'MERGE INTO t USING s ON t.a = s.a WHEN MATCHED AND s.b THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)',
  'MERGE target alias': 'MERGE INTO t x USING s ON x.a = s.a WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)',
  'MERGE source': 'MERGE INTO t USING (SELECT 1 AS a) s ON t.a = s.a WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)',
  'MERGE clauses': 'MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT VALUES (1)',
  'MERGE with WITH': 'WITH s AS (SELECT 1 AS a) MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)',
  'MERGE assignment': 'MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET t.a = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)',
  'GENERATE_SERIES()': 'SELECT a FROM generate_series(1, 3) a',
  'STRING_AGG()': "SELECT STRING_AGG(a, ',') FROM t",
  'NOW()': 'SELECT NOW()',
  'PG_()': 'SELECT PG_ADVISORY_LOCK(1)',
  'EVERY()': 'SELECT CORR(a, b) FROM t',
  'CONCAT_WS()': "SELECT CONCAT_WS(',', a, b) FROM t",
  'ARRAY_()': 'SELECT ARRAY_LENGTH(a, 1) FROM t',
  'MAKE_()': 'SELECT MAKE_DATE(2026, 1, 1)',
  'TO_JSONB()': 'SELECT JSON_BUILD_OBJECT(1, 2)',
  'GEN_RANDOM_UUID()': 'SELECT GEN_RANDOM_UUID()',
  'NUM_NULLS()': "SELECT NEXTVAL('s')",
  CURRENT_TIMESTAMP: 'SELECT CURRENT_TIMESTAMP',
  'JSON operators': "SELECT a->>'b' FROM t",
  'regular expression operators': "SELECT a ~* 'b' FROM t",
  'other operators': 'SELECT a && b FROM t',
  arrays: 'SELECT a FROM t WHERE a = ANY (ARRAY[1, 2])',
  ROW: 'SELECT ROW(1, 2)',
  LATERAL: 'SELECT 1 FROM t, LATERAL (SELECT t.a) x',
  FILTER: 'SELECT COUNT(*) FILTER (WHERE a) FROM t',
  'DISTINCT ON': 'SELECT DISTINCT ON (a) a FROM t',
  VALUES: 'SELECT a FROM (VALUES (1), (2)) x (a)',
  WINDOW: 'SELECT SUM(a) OVER w FROM t WINDOW w AS (PARTITION BY b)',
  'FETCH FIRST': 'SELECT a FROM t FETCH FIRST 3 ROWS ONLY',
  'INTERSECT ALL': 'SELECT a FROM t EXCEPT ALL SELECT a FROM u',
  'FOR UPDATE': 'SELECT a FROM t FOR UPDATE',
  'IS DISTINCT FROM': 'SELECT a IS DISTINCT FROM b FROM t',
  TABLESAMPLE: 'SELECT a FROM t TABLESAMPLE SYSTEM (10)',
  'TABLE command': 'TABLE t',
  'CONCAT of three': "SELECT CONCAT(a, ' ', b) FROM t",
  'quotient of sums': 'SELECT SUM(a * (b)) / NULLIF(SUM(c), 0) FROM t',
  'dollar quotes': 'SELECT $$a$$',
  'escaped text': "SELECT E'a'",
  COLLATE: 'SELECT a FROM t ORDER BY a COLLATE "C"',
  'system columns': 'SELECT ctid FROM t',
  'JSON column': 'CREATE TABLE t (a JSONB)',
  'missing type': 'CREATE TABLE t (a UUID NOT NULL)',
  TEXT: 'CREATE TABLE t (a TEXT, b INTEGER)',
  NUMERIC: 'SELECT a::NUMERIC FROM t',
  DECIMAL: 'SELECT CAST(SUM(a) AS DECIMAL) FROM t',
  'VARCHAR without length': 'CREATE TABLE t (a VARCHAR, b INTEGER)',
  'VARCHAR too long': 'CREATE TABLE t (a VARCHAR(70000))',
  'DECIMAL too long': 'CREATE TABLE t (a DECIMAL(40, 2))',
};

describe('forms that PostgreSQL takes and Redshift does not', () => {
  it.each(rules)('$name', ({ name, instead }) => {
    expect(Object.keys(refused)).toContain(name);
    expect(redshiftFaults(refused[name] ?? '', true)).toContain(instead);
  });
  it('has a case for each rule and no other', () => expect(Object.keys(refused).sort()).toEqual(rules.map(({ name }) => name).sort()));

  it.each([
    ['MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET a = 1', 'both clauses'],
    ['MERGE INTO t USING s ON t.a > s.a WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)', 'equal predicates'],
    ['ALTER TABLE t ADD COLUMN a INTEGER, ADD COLUMN b INTEGER', 'more than one action'],
    ["SELECT REPLACE(a, '\\n', '') FROM t", 'a backslash'],
    ['SELECT SUM(a) OVER (PARTITION BY b ORDER BY c) FROM t', 'needs a frame'],
    ['SELECT FIRST_VALUE(a) OVER (ORDER BY c) FROM t', 'needs a frame'],
    ['SELECT SUM(a) OVER (ORDER BY c RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM t', 'ROWS only'],
    ['SELECT RANK() OVER (ORDER BY c ROWS UNBOUNDED PRECEDING) FROM t', 'no frame'],
    ['SELECT e.a FROM e WHERE NOT EXISTS (SELECT 1 FROM l WHERE NOT EXISTS (SELECT 1 FROM s WHERE e.id = s.id))', 'over a query in between'],
    ['SELECT c.a FROM c LEFT JOIN e ON c.id = e.id AND e.a = (SELECT MAX(s.a) FROM s WHERE s.id = e.id)', 'ON of an outer join'],
    ['SELECT s.a FROM s WHERE s.q NOT IN (SELECT SUM(n) OVER () FROM l WHERE s.id = l.id)', 'window function'],
    ['SELECT l.a, (SELECT COUNT(*) FROM s WHERE s.id = l.id) AS n FROM l GROUP BY n, l.a', 'GROUP BY the result'],
    ['SELECT l.a FROM l WHERE l.a IN (SELECT SUM(s.q) FROM s WHERE s.id = l.id GROUP BY s.b)', 'grouped subquery'],
  ])('%s', (statement, fault) => expect(redshiftFaults(statement, true).join()).toContain(fault));
});

describe('forms that the local warehouse has not', () => {
  it.each([
    ['SELECT a FROM t QUALIFY ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) = 1', 'QUALIFY'], ['SELECT TOP 5 a FROM t', 'TOP'],
    ['SELECT * FROM (SELECT a, b FROM t) PIVOT (SUM(b) FOR a IN (1, 2))', 'PIVOT'], ['SELECT LAG(a) IGNORE NULLS OVER (ORDER BY b) FROM t', 'IGNORE NULLS'],
    ['SELECT H3_FromLongLat(1, 2, 7)', 'H3'], ["UNLOAD ('SELECT 1') TO 's3://b/k' IAM_ROLE default", 'UNLOAD'], ['SELECT * FROM svv_table_info', 'system view'], ['BEGIN', 'transactions by hand'],
  ])('%s', (statement, lack) => {
    expect(redshiftFaults(statement)).toEqual([]);
    expect(portableFaults(statement).join()).toContain(lack);
  });
});

describe('takes', () => {
  it.each([
    "SELECT 'ON CONFLICT' -- RETURNING", 'CREATE TABLE t (a SUPER, b VARCHAR(MAX), c DECIMAL(18,4)) DISTSTYLE ALL',
    'MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = CASE WHEN s.v > t.v THEN s.b ELSE t.b END WHEN NOT MATCHED THEN INSERT (a) VALUES (s.a)',
    'MERGE INTO t USING s ON t.a = s.a REMOVE DUPLICATES',
    "COPY t FROM 's3://b/k' IAM_ROLE default FORMAT JSON 'auto' GZIP", "COPY t FROM 's3://b/k' IAM_ROLE default DELIMITER '\\t' NULL AS '\\N'",
    'DELETE FROM t USING s WHERE t.a = s.a', 'SELECT GETDATE(), SYSDATE', 'INSERT INTO t VALUES (1, 2), (3, 4)', 'UPDATE t SET a = s.a FROM s WHERE s.b = t.b',
    'SELECT text, uuid, point, money FROM t WHERE text IS NULL', 'CREATE TABLE t (text VARCHAR(20), uuid VARCHAR(36), PRIMARY KEY (uuid))',
    'SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b DESC), LAG(a, 1) OVER (ORDER BY b), SUM(a) OVER (PARTITION BY b), SUM(a) OVER (ORDER BY b ROWS UNBOUNDED PRECEDING) FROM t',
    "SELECT LISTAGG(DISTINCT a, ',') WITHIN GROUP (ORDER BY a) OVER (PARTITION BY b), MEDIAN(c) OVER (PARTITION BY b) FROM t",
    'SELECT o.a FROM o WHERE EXISTS (SELECT 1 FROM l WHERE l.id = o.id) AND o.b = (SELECT MAX(x.b) FROM o x WHERE x.a = o.a)',
    'SELECT a FROM (SELECT a, ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) AS place FROM t) x WHERE place = 1',
    'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n', 'SELECT CONCAT(a, COALESCE(b, c, d)) FROM t', "SELECT a FROM t WHERE b IN ('x', 'y') AND c LIKE '%z'",
    'ALTER TABLE t ADD COLUMN a VARCHAR(20) DEFAULT NULL ENCODE zstd', 'ALTER TABLE t DROP COLUMN a', 'SELECT TRUNC(a), EXTRACT(DOW FROM a), DATE_TRUNC(\'week\', a) FROM t',
    'SELECT SUM(a)::DOUBLE PRECISION / NULLIF(SUM(b), 0), CAST(SUM(a) AS FLOAT8) / SUM(b), SUM(a) / 100 FROM t', 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC', 'LOCK t', 'SELECT a::DECIMAL(18,4), CAST(b AS VARCHAR(20)) FROM t', 'SELECT COUNT(DISTINCT a) AS every FROM t',
  ])('%s', (statement) => expect(redshiftFaults(statement, true)).toEqual([]));
});
