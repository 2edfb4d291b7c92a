import { gzipSync } from 'node:zlib';
import { EventBridgeClient, DeleteRuleCommand, PutRuleCommand, PutTargetsCommand, RemoveTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  BatchExecuteStatementCommand, CancelStatementCommand, DescribeStatementCommand, DescribeTableCommand, ExecuteStatementCommand, GetStatementResultCommand,
  GetStatementResultV2Command, ListDatabasesCommand, ListSchemasCommand, ListStatementsCommand, ListTablesCommand, RedshiftDataClient,
  type BatchExecuteStatementCommandInput, type DescribeStatementCommandOutput, type ExecuteStatementCommandInput, type Field,
} from '@aws-sdk/client-redshift-data';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { policyFor } from './policies.ts';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

let target: ConformanceTarget;
let redshift: RedshiftDataClient;
let s3: S3Client;
let bucket: string;
const where = { WorkgroupName: 'orderflow-local', Database: 'orderflow' };
/** A statement that runs until it is cancelled. */
const endless = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n';

const ended = async (id: string | undefined): Promise<DescribeStatementCommandOutput> => {
  for (;;) {
    const now = await redshift.send(new DescribeStatementCommand({ Id: id, WaitTimeSeconds: 20 }));
    if (now.Status === 'FINISHED' || now.Status === 'FAILED' || now.Status === 'ABORTED') return now;
  }
};
const run = async (Sql: string, more: Partial<ExecuteStatementCommandInput> = {}): Promise<DescribeStatementCommandOutput> =>
  ended((await redshift.send(new ExecuteStatementCommand({ ...where, Sql, WaitTimeSeconds: 20, ...more }))).Id);
const submit = async (Sqls: string[], more: Partial<BatchExecuteStatementCommandInput> = {}): Promise<string> =>
  (await redshift.send(new BatchExecuteStatementCommand({ ...where, Sqls, ...more }))).Id ?? '';
const batch = async (Sqls: string[], more: Partial<BatchExecuteStatementCommandInput> = {}) => ended(await submit(Sqls, more));
const value = (field: Field): unknown => (field.isNull ? null : Object.values(field)[0]);
const records = async (Id: string | undefined): Promise<unknown[][]> => ((await redshift.send(new GetStatementResultCommand({ Id }))).Records ?? []).map((row) => row.map(value));
const rows = async (sql: string, more: Partial<ExecuteStatementCommandInput> = {}): Promise<unknown[][]> => {
  const done = await run(sql, more);
  if (done.Status !== 'FINISHED') throw new Error(done.Error);
  return records(done.Id);
};
const put = (Key: string, Body: string | Buffer) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
let made = 0;
/** A new table with these columns. */
const table = async (columns: string): Promise<string> => {
  const name = `${target.unique('t').replaceAll('-', '_')}_${(made += 1)}`;
  const done = await run(`CREATE TABLE ${name} (${columns})`);
  if (done.Status !== 'FINISHED') throw new Error(done.Error);
  return name;
};

beforeAll(async () => {
  target = await conformanceTarget();
  redshift = new RedshiftDataClient(target.client);
  s3 = new S3Client({ ...target.client, forcePathStyle: true });
  bucket = target.unique('copy');
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
}, 60_000);
afterAll(async () => {
  redshift.destroy();
  s3.destroy();
  await target.close();
});

describe('a statement', () => {
  it('is described with all that is known of it', async () => {
    const done = await run('SELECT 1 AS one', { StatementName: 'ones' });
    expect(done).toMatchObject({ Status: 'FINISHED', Database: 'orderflow', WorkgroupName: 'orderflow-local', QueryString: 'SELECT 1 AS one', HasResultSet: true, ResultRows: 1, ResultFormat: 'JSON' });
    expect([typeof done.Duration, typeof done.RedshiftPid, typeof done.RedshiftQueryId, done.ResultSize]).toEqual(['number', 'number', 'number', 1]);
    expect(done.Duration).toBeGreaterThan(10_000); // nanoseconds
    const failed = await run('SELECT * FROM no_such_table');
    expect(failed).toMatchObject({ Status: 'FAILED', HasResultSet: false, ResultRows: -1, ResultSize: -1, Error: expect.stringContaining('relation "no_such_table" does not exist') });
  });

  it('types its results as documented', async () => {
    const name = await table('s SMALLINT, i INTEGER, b BIGINT, d DECIMAL(10,2), r REAL, f DOUBLE PRECISION, o BOOLEAN, c CHAR(4), v VARCHAR(20), a DATE, t TIMESTAMP, z TIMESTAMPTZ, j SUPER');
    await run(`INSERT INTO ${name} VALUES (1, 2, 9007199254740991, 3.5, 1.5, 2.5, TRUE, 'ab', 'ü', '2026-11-22', '2026-11-22 10:00:00', '2026-11-22 10:00:00+01', JSON_PARSE('[1,"x"]')), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL)`);
    const done = await run(`SELECT * FROM ${name} ORDER BY s`);
    const { Records: [full, empty] = [], ColumnMetadata: columns = [], TotalNumRows: count } = await redshift.send(new GetStatementResultCommand({ Id: done.Id }));
    expect(full).toEqual([
      { longValue: 1 }, { longValue: 2 }, { longValue: 9007199254740991 }, { stringValue: '3.50' }, { doubleValue: 1.5 }, { doubleValue: 2.5 }, { booleanValue: true }, { stringValue: 'ab  ' },
      { stringValue: 'ü' }, { stringValue: '2026-11-22' }, { stringValue: '2026-11-22 10:00:00' }, { stringValue: '2026-11-22 09:00:00+00' }, { stringValue: expect.stringMatching(/^\[1, ?"x"\]$/) },
    ]);
    expect(empty?.map((field) => field.isNull ?? field.stringValue)).toEqual([true, true, true, true, true, true, true, true, '', true, true, true, true]);
    expect(columns.map(({ typeName }) => typeName)).toEqual(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'bool', 'bpchar', 'varchar', 'date', 'timestamp', 'timestamptz', 'super']);
    expect(columns[3]).toMatchObject({ name: 'd', label: 'd', precision: 10, scale: 2, nullable: 1 });
    expect(count).toBe(2);
  });

  it('binds named parameters, which are texts of at least one character', async () => {
    expect(await rows("SELECT ':n', :n::INTEGER + 1, NVL(NULL, :n), :m", { Parameters: [{ name: 'n', value: '41' }, { name: 'm', value: 'NULL' }] })).toEqual([[':n', 42, '41', 'NULL']]);
    await expect(run('SELECT :n', { Parameters: [{ name: 'n', value: '' }] })).rejects.toThrow('length greater than or equal to 1');
    await expect(run('SELECT 1', { Parameters: [{ name: 'n', value: '1' }] })).rejects.toThrow('Parameters list contains unused parameters. Unused parameters: [n]');
    await expect(run('SELECT 1', { Parameters: [] })).rejects.toMatchObject({ name: 'ValidationException' });
    expect((await run('SELECT :n, :gone', { Parameters: [{ name: 'n', value: '1' }] })).Error).toContain('syntax error at or near ":"');
  });

  it('is run once for one client token', async () => {
    const name = await table('a INTEGER');
    const ClientToken = target.unique('token');
    const [first, again] = [await run(`INSERT INTO ${name} VALUES (1)`, { ClientToken }), await run(`INSERT INTO ${name} VALUES (1)`, { ClientToken })];
    expect(again.Id).toBe(first.Id);
    expect(await rows(`SELECT COUNT(*) FROM ${name}`)).toEqual([[1]]);
    await expect(run(`INSERT INTO ${name} VALUES (2)`, { ClientToken })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is cancelled while it runs, not after', async () => {
    const { Id } = await redshift.send(new ExecuteStatementCommand({ ...where, Sql: endless }));
    expect((await redshift.send(new DescribeStatementCommand({ Id }))).Status).toMatch(/^(SUBMITTED|PICKED|STARTED)$/);
    await expect(redshift.send(new GetStatementResultCommand({ Id }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect((await redshift.send(new CancelStatementCommand({ Id }))).Status).toBe(true);
    expect(await ended(Id)).toMatchObject({ Status: 'ABORTED', Error: expect.stringContaining('cancelled on user') });
    await expect(redshift.send(new CancelStatementCommand({ Id: (await run('SELECT 1')).Id }))).rejects.toThrow('already in FINISHED state');
  });

  it('is refused beyond the limits', async () => {
    await expect(submit(Array.from({ length: 41 }, () => 'SELECT 1'))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(run(`SELECT 1 -- ${'x'.repeat(100 * 1024)}`)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(redshift.send(new DescribeStatementCommand({ Id: 'no-uuid' }))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(redshift.send(new DescribeStatementCommand({ Id: '00000000-0000-4000-8000-000000000000' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException', ResourceId: '00000000-0000-4000-8000-000000000000' });
    await expect(redshift.send(new ExecuteStatementCommand({ Sql: 'SELECT 1', Database: 'orderflow' }))).rejects.toMatchObject({ name: 'ValidationException' });
    expect((await run("SELECT REPEAT('x', 65537)")).Error).toContain('too large');
    expect((await run("SELECT REPEAT('x', 65000)")).Status).toBe('FINISHED');
    expect((await run('SELECT 1; SELECT 2')).Error).toContain('cannot insert multiple commands');
  });
});

describe('a batch', () => {
  it('is one transaction of statements with ids and states of their own', async () => {
    const name = await table('a INTEGER');
    const done = await batch([`INSERT INTO ${name} VALUES (1), (2)`, `SELECT a FROM ${name} ORDER BY a`]);
    expect(done).toMatchObject({ Status: 'FINISHED', HasResultSet: true, ResultRows: -1 });
    expect(done.SubStatements).toMatchObject([{ Id: `${done.Id}:1`, Status: 'FINISHED', ResultRows: 2, HasResultSet: false }, { Id: `${done.Id}:2`, Status: 'FINISHED', ResultRows: 2, HasResultSet: true }]);
    expect(await records(`${done.Id}:2`)).toEqual([[1], [2]]);
    expect(await redshift.send(new DescribeStatementCommand({ Id: `${done.Id}:2` }))).toMatchObject({ Id: `${done.Id}:2`, QueryString: `SELECT a FROM ${name} ORDER BY a` });
    const failed = await batch([`INSERT INTO ${name} VALUES (3)`, 'SELECT no_such_column', 'SELECT 1']);
    expect(failed).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining('no_such_column') });
    expect(failed.SubStatements?.map(({ Status }) => Status)).toEqual(['FINISHED', 'FAILED', 'ABORTED']);
    expect(await rows(`SELECT COUNT(*) FROM ${name}`)).toEqual([[2]]);
  });

  it('commits each statement by itself when asked to', async () => {
    const name = await table('a INTEGER');
    const done = await batch([`INSERT INTO ${name} VALUES (1)`, 'SELECT no_such_column', `INSERT INTO ${name} VALUES (2)`], { ExecutionMode: 'AUTO_COMMIT' });
    expect(done.SubStatements?.map(({ Status }) => Status)).toEqual(['FINISHED', 'FAILED', 'FINISHED']);
    expect(await rows(`SELECT COUNT(*) FROM ${name}`)).toEqual([[2]]);
  });

  it('shares its parameters', async () => {
    const done = await batch(['SELECT :a', 'SELECT :b, :a'], { Parameters: [{ name: 'a', value: 'x' }, { name: 'b', value: 'y' }] });
    expect([await records(`${done.Id}:1`), await records(`${done.Id}:2`)]).toEqual([[['x']], [['y', 'x']]]);
    await expect(submit(['SELECT 1', 'SELECT 2'], { Parameters: [{ name: 'a', value: 'x' }] })).rejects.toThrow('unused');
  });
});

describe('results and lists', () => {
  it('come in pages', async () => {
    const { Id } = await run("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2400) SELECT i, REPEAT('x', 1000) FROM n");
    const seen: unknown[] = [];
    let [pages, NextToken]: [number, string | undefined] = [0, undefined];
    do {
      const page: { Records?: Field[][] | undefined; NextToken?: string | undefined; TotalNumRows?: number | undefined } = await redshift.send(new GetStatementResultCommand({ Id, NextToken }));
      expect(page.TotalNumRows).toBe(2400);
      seen.push(...(page.Records ?? []).map(([first]) => first?.longValue));
      ({ NextToken } = page);
      pages += 1;
    } while (NextToken !== undefined);
    expect([pages > 1, seen.length, new Set(seen).size]).toEqual([true, 2400, 2400]);
    await expect(redshift.send(new GetStatementResultCommand({ Id, NextToken: 'nonsense' }))).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(redshift.send(new GetStatementResultCommand({ Id: (await run(`CREATE TABLE ${target.unique('none').replaceAll('-', '_')} (a INTEGER)`)).Id }))).rejects.toThrow('Query does not have result');
  });

  it('come as CSV', async () => {
    const { Id } = await run("SELECT 1 AS a, 'x, \"y\"' AS b, NULL AS c", { ResultFormat: 'CSV' });
    const page = await redshift.send(new GetStatementResultV2Command({ Id }));
    expect(page).toMatchObject({ ResultFormat: 'CSV', TotalNumRows: 1, Records: [{ CSVRecords: '1,"x, ""y""",\r\n' }] });
    await expect(redshift.send(new GetStatementResultCommand({ Id }))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('of statements: by name, by state, page by page', async () => {
    const prefix = target.unique('listed');
    for (const at of [1, 2, 3]) await run(at === 2 ? 'SELECT nothing' : 'SELECT 1', { StatementName: `${prefix}-${at}` });
    const names = async (more: object) => ((await redshift.send(new ListStatementsCommand({ StatementName: prefix, ...more }))).Statements ?? []).map(({ StatementName }) => StatementName?.slice(prefix.length));
    expect(await names({})).toEqual(['-3', '-2', '-1']);
    expect(await names({ Status: 'FAILED' })).toEqual(['-2']);
    expect(await names({ Status: 'ALL', RoleLevel: false })).toEqual(['-3', '-2', '-1']);
    const first = await redshift.send(new ListStatementsCommand({ StatementName: prefix, MaxResults: 2 }));
    expect([first.Statements?.length, first.NextToken !== undefined]).toEqual([2, true]);
    expect(await names({ MaxResults: 2, NextToken: first.NextToken })).toEqual(['-1']);
    await expect(names({ MaxResults: 101 })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('of databases, schemas, tables and columns', async () => {
    const name = await table('id INTEGER NOT NULL, label VARCHAR(30), amount DECIMAL(18,4)');
    expect((await redshift.send(new ListDatabasesCommand(where))).Databases).toContain('orderflow');
    expect((await redshift.send(new ListSchemasCommand(where))).Schemas).toContain('public');
    expect((await redshift.send(new ListTablesCommand({ ...where, TablePattern: name }))).Tables).toEqual([{ name, schema: 'public', type: 'TABLE' }]);
    const described = await redshift.send(new DescribeTableCommand({ ...where, Schema: 'public', Table: name }));
    expect(described.TableName).toBe(name);
    expect(described.ColumnList).toMatchObject([{ name: 'id', typeName: 'int4', nullable: 0 }, { name: 'label', typeName: 'varchar', length: 30 }, { name: 'amount', typeName: 'numeric', precision: 18, scale: 4 }]);
  });
});

describe('concurrent writers of one table', () => {
  /** Both have seen the table before either may write it; then the gate opens. */
  const race = async (first: string[], second: string[]): Promise<DescribeStatementCommandOutput[]> => {
    const gate = await table('a INTEGER');
    const keeper = await submit([`LOCK ${gate}`, endless]);
    const started = async (id: string, part: number): Promise<void> => {
      while ((await redshift.send(new DescribeStatementCommand({ Id: id }))).SubStatements?.[part]?.Status !== 'STARTED');
    };
    await started(keeper, 1);
    const ids = await Promise.all([first, second].map((sqls) => submit([sqls[0] ?? '', `LOCK ${gate}`, ...sqls.slice(1)])));
    await Promise.all(ids.map((id) => started(id, 1)));
    await redshift.send(new CancelStatementCommand({ Id: keeper }));
    return Promise.all(ids.map(ended));
  };
  const outcomes = (done: DescribeStatementCommandOutput[]) => done.map(({ Status }) => Status).sort();

  it('collide when both change a row that both have seen: one is undone with error 1023', async () => {
    const name = await table('id INTEGER, n INTEGER');
    await run(`INSERT INTO ${name} VALUES (1, 0), (2, 0)`);
    const raise = [`SELECT COUNT(*) FROM ${name}`, `UPDATE ${name} SET n = n + 1 WHERE id = 1`];
    const done = await race(raise, raise);
    expect(outcomes(done)).toEqual(['FAILED', 'FINISHED']);
    expect(done.find(({ Status }) => Status === 'FAILED')?.Error).toMatch(/ERROR: 1023\s+Detail: Serializable isolation violation on table/);
    expect(await rows(`SELECT n FROM ${name} WHERE id = 1`)).toEqual([[1]]);
  });

  it('wait for each other, and both commit, when they append or change different rows', async () => {
    const name = await table('id INTEGER, n INTEGER');
    await run(`INSERT INTO ${name} VALUES (1, 0), (2, 0)`);
    const seen = `SELECT COUNT(*) FROM ${name}`;
    expect(outcomes(await race([seen, `UPDATE ${name} SET n = 1 WHERE id = 1`], [seen, `UPDATE ${name} SET n = 1 WHERE id = 2`]))).toEqual(['FINISHED', 'FINISHED']);
    expect(outcomes(await race([seen, `INSERT INTO ${name} VALUES (3, 1)`], [seen, `INSERT INTO ${name} VALUES (4, 1)`]))).toEqual(['FINISHED', 'FINISHED']);
    expect(await rows(`SELECT SUM(n) FROM ${name}`)).toEqual([[4]]);
  });

  it('do not collide when they lock the table before they look at it', async () => {
    const name = await table('n INTEGER');
    await run(`INSERT INTO ${name} VALUES (0)`);
    const raise = [`LOCK ${name}`, `SELECT n FROM ${name}`, `UPDATE ${name} SET n = n + 1`];
    const done = await Promise.all(Array.from({ length: 4 }, () => batch(raise)));
    expect(outcomes(done)).toEqual(['FINISHED', 'FINISHED', 'FINISHED', 'FINISHED']);
    expect(await rows(`SELECT n FROM ${name}`)).toEqual([[4]]);
  });

  it('by single statements wait and see what the other has committed', async () => {
    const name = await table('n INTEGER');
    await run(`INSERT INTO ${name} VALUES (0)`);
    const done = await Promise.all(Array.from({ length: 5 }, () => run(`UPDATE ${name} SET n = n + 1`)));
    expect(outcomes(done)).toEqual(Array.from({ length: 5 }, () => 'FINISHED'));
    expect(await rows(`SELECT n FROM ${name}`)).toEqual([[5]]);
  });
});

describe('COPY', () => {
  it('loads gzipped JSON lines by manifest, and cuts decimals off where INSERT rounds', async () => {
    const name = await table('k VARCHAR(8), n BIGINT, d DECIMAL(8,2), t TIMESTAMP, j SUPER');
    await put('m/a.gz', gzipSync('{"k":"a","n":9223372036854775807,"d":20.259,"t":"2026-11-22T10:00:00Z","j":{"x":[1]},"extra":true}\n{"k":"b","d":"-1.999"}\n'));
    await put('m/b.gz', gzipSync('{"k":"","n":""}\n'));
    await put('m/list', JSON.stringify({ entries: ['a', 'b', 'absent'].map((file) => ({ url: `s3://${bucket}/m/${file}.gz`, mandatory: file !== 'absent' })) }));
    const done = await run(`COPY ${name} FROM 's3://${bucket}/m/list' IAM_ROLE default FORMAT JSON 'auto' GZIP MANIFEST TIMEFORMAT 'auto' COMPUPDATE OFF STATUPDATE OFF`);
    expect(done).toMatchObject({ Status: 'FINISHED', HasResultSet: false, ResultRows: 3 });
    expect(await rows(`SELECT k, CAST(n AS VARCHAR(20)), d, t, JSON_SERIALIZE(j) FROM ${name} ORDER BY k DESC`)).toEqual([
      ['b', null, '-1.99', null, null], ['a', '9223372036854775807', '20.25', '2026-11-22 10:00:00', expect.stringContaining('"x"')], ['', null, null, null, null],
    ]);
  });

  it('loads JSON by paths and CSV by columns', async () => {
    const name = await table('a VARCHAR(20), b INTEGER');
    await put('j/data.json', '{"x": {"y": "one"}, "z": [5, 6]}\n{\n  "x": {"y": "two"},\n  "z": []\n}');
    await put('paths.json', '{"jsonpaths": ["$.x.y", "$[\'z\'][1]"]}');
    expect((await run(`COPY ${name} FROM 's3://${bucket}/j/data' IAM_ROLE default JSON 's3://${bucket}/paths.json'`)).Error).toBeUndefined();
    await put('c/data.csv', 'b;a;\n7;^se^^v;en^\n;^^\n'.replace(';\n', '\n'));
    expect((await run(`COPY ${name} (b, a) FROM 's3://${bucket}/c/' IAM_ROLE default CSV QUOTE '^' DELIMITER ';' IGNOREHEADER 1 EMPTYASNULL`)).Error).toBeUndefined();
    expect(await rows(`SELECT a, b FROM ${name} ORDER BY b`)).toEqual([['one', 6], ['se^v;en', 7], ['two', null], [null, null]]);
  });

  it('leaves out as many rows as MAXERROR allows, and tells of each', async () => {
    const name = await table('k VARCHAR(4) NOT NULL, n INTEGER, d DATE');
    const key = `e/${target.unique('bad')}.json`;
    await put(key, '{"k":"a","n":1}\n{"k":"b","n":"many"}\n{"k":"äää"}\n{"n":1}\n{"k":"c","d":"2026-02-30"}\n{"k":"d"\n{"k":"e","n":99999999999}\n');
    const copy = (more: string): string => `COPY ${name} FROM 's3://${bucket}/${key}' IAM_ROLE default FORMAT JSON 'auto' ${more}`;
    const failed = await run(copy(''));
    expect(failed).toMatchObject({ Status: 'FAILED', Error: `ERROR: Load into table '${name}' failed.  Check 'sys_load_error_detail' system table for details.` });
    expect((await run(copy('MAXERROR 6'))).Status).toBe('FAILED');
    expect(await rows(`SELECT COUNT(*) FROM ${name}`)).toEqual([[0]]);
    const done = await run(copy('MAXERROR 7'));
    expect(done).toMatchObject({ Status: 'FINISHED', ResultRows: 1 });
    expect(await rows(`SELECT line_number, TRIM(colname), TRIM(type), TRIM(raw_field_value), err_code, TRIM(err_reason) FROM stl_load_errors WHERE query = ${done.RedshiftQueryId} ORDER BY line_number`)).toEqual([
      [2, 'n', 'int4', 'many', 1207, "Invalid digit, Value 'm', Pos 0, Type: Integer"], [3, 'k', 'varchar', 'äää', 1204, 'String length exceeds DDL length'],
      [4, 'k', 'varchar', '', 1213, 'Missing data for not-null field'], [5, 'd', 'date', '2026-02-30', 1205, expect.stringContaining('Invalid Date Format')],
      [6, '', '', '', 1216, 'Invalid value.'], [7, 'n', 'int4', '99999999999', 1204, 'Overflow, Type: Integer'],
    ]);
    expect(await rows(`SELECT DISTINCT TRIM(file_name) FROM sys_load_error_detail WHERE query_id = ${done.RedshiftQueryId}`)).toEqual([[`s3://${bucket}/${key}`]]);
  });

  it.each([
    ["COPY t FROM 's3://b/k' FORMAT JSON 'auto'", 'IAM_ROLE'], ["COPY t FROM 's3://b/k' IAM_ROLE default FORMAT PARQUET", 'PARQUET'], ["COPY t FROM 's3://b/k' IAM_ROLE default FIXEDWIDTH 'a:1'", 'FIXEDWIDTH'],
  ])('refuses %s', async (sql, about) => expect(await run(sql)).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining(about) }));

  it('says which file is not there', async () => {
    const name = await table('a INTEGER');
    expect((await run(`COPY ${name} FROM 's3://${bucket}/nowhere/' IAM_ROLE default CSV`)).Error).toContain("prefix 'nowhere/' does not exist");
    await put('gone', JSON.stringify({ entries: [{ url: `s3://${bucket}/gone.csv`, mandatory: true }] }));
    expect((await run(`COPY ${name} FROM 's3://${bucket}/gone' IAM_ROLE default CSV MANIFEST`)).Error).toContain('NoSuchKey');
  });
});

describe('the dialect', () => {
  it('declares keys and does not enforce them, counts bytes, overflows', async () => {
    const name = await table('id INTEGER PRIMARY KEY, v VARCHAR(4), d DECIMAL(4,2) UNIQUE');
    expect((await run(`INSERT INTO ${name} VALUES (1, 'ää', 1.005), (1, '', 1)`)).Status).toBe('FINISHED');
    expect(await rows(`SELECT v, v IS NULL, d FROM ${name} ORDER BY v`)).toEqual([['', false, '1.00'], ['ää', false, '1.01']]);
    expect((await run(`INSERT INTO ${name} VALUES (2, 'äää', 1)`)).Error).toMatch(/value too long/i);
    expect((await run(`UPDATE ${name} SET d = 100`)).Error).toContain('Numeric data overflow');
    expect((await run(`INSERT INTO ${name} (v) VALUES ('x')`)).Error).toContain('NULL');
  });

  it('folds names, divides and averages whole numbers as whole numbers', async () => {
    const name = await table('n INTEGER');
    await run(`INSERT INTO ${name.toUpperCase()} VALUES (1), (2), (4)`);
    const done = await run(`SELECT AVG(n) AS "Mean", 7 / 2 AS Half, SUM(n) FROM ${name}`);
    const { Records, ColumnMetadata } = await redshift.send(new GetStatementResultCommand({ Id: done.Id }));
    expect([Records?.[0]?.map(value), ColumnMetadata?.map((column) => column.name)]).toEqual([[2, 3, 7], ['mean', 'half', 'sum']]);
  });

  it('has the functions that analysts reach for', async () => {
    expect(await rows(`SELECT DATEDIFF(day, '2026-01-01'::TIMESTAMP, '2026-01-03 01:00:00'::TIMESTAMP), DATEADD(month, 1, '2026-01-31'::TIMESTAMP), LAST_DAY('2026-02-03'::TIMESTAMP), DATE_TRUNC('month', '2026-02-03'::DATE),
      LISTAGG(x, ',') WITHIN GROUP (ORDER BY x), MEDIAN(n), PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY n), LEN('abc'), NVL2(MIN(n), 'y', 'n'), DECODE(MIN(n), 1, 'one', 'other'), APPROXIMATE COUNT(DISTINCT x), CONCAT('a', NULL)
      FROM (SELECT 'b' AS x, 1 AS n UNION ALL SELECT 'a', 3) u`)).toEqual([[2, '2026-02-28 00:00:00', '2026-02-28', '2026-02-01 00:00:00', 'a,b', 2, 1.5, 3, 'y', 'one', 2, null]]);
    expect(await rows('SELECT n, RATIO_TO_REPORT(n) OVER (), SUM(n) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING) FROM (SELECT 1 AS n UNION ALL SELECT 3) u ORDER BY n')).toEqual([[1, 0.25, 1], [3, 0.75, 4]]);
  });
});

it('tells EventBridge of the end of a statement that was sent with an event', async () => {
  const events = new EventBridgeClient(target.client);
  const sqs = new SQSClient(target.client);
  const name = target.unique('statements');
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy: policyFor('events.amazonaws.com', 'sqs:SendMessage') } }));
  await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: ['aws.redshift-data'], 'detail-type': ['Redshift Data Statement Status Change'], detail: { statementName: [name] } }) }));
  await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'queue', Arn: `arn:aws:sqs:eu-west-1:000000000000:${name}` }] }));
  const done = await run('SELECT 1', { StatementName: name, WithEvent: true });
  const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
  expect(JSON.parse(message?.Body ?? '{}')).toMatchObject({ source: 'aws.redshift-data', detail: { statementId: done.Id, statementName: name, state: 'FINISHED', rows: 1 } });
  await events.send(new RemoveTargetsCommand({ Rule: name, Ids: ['queue'] }));
  await events.send(new DeleteRuleCommand({ Name: name }));
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  events.destroy();
  sqs.destroy();
});

describe('our own cloud, told to', () => {
  const order = (body: object) => fetch(`${target.client.endpoint}/_local/redshift`, { method: 'POST', body: JSON.stringify(body) });

  it('aborts a statement while it is polled, and collides', async () => {
    if (!target.own) return;
    const name = await table('a INTEGER');
    const insert = [`INSERT INTO ${name} VALUES (1)`, 'SELECT 1'];
    await order({ fault: 'abort', containing: name });
    await order({ fault: 'collide', containing: name });
    expect(await batch(insert)).toMatchObject({ Status: 'ABORTED' });
    expect(await batch(insert)).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining('1023') });
    expect(await rows(`SELECT COUNT(*) FROM ${name}`)).toEqual([[0]]);
    expect((await batch(insert)).Status).toBe('FINISHED');
  });
});
