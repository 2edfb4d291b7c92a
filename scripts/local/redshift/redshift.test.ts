import { gzipSync } from 'node:zlib';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedshift, type LocalRedshift } from '../redshift.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers of many operations
type Answer = Record<string, any>;

const call = async (service: LocalRedshift, operation: string, input: Record<string, unknown>): Promise<Answer> => {
  const answer = await service.handle({
    service: 'redshift-data', operation, method: 'POST', path: '/', query: new URLSearchParams(), headers: {},
    body: Buffer.from(JSON.stringify({ WorkgroupName: 'orderflow-local', Database: 'orderflow', ...input })), accessKeyId: 'local',
  });
  return { status: answer.status, ...(JSON.parse(answer.body.toString()) as Answer) };
};

const files = new Map<string, Buffer>();
const s3 = {
  get: (bucket: string, key: string) => {
    const file = files.get(`${bucket}/${key}`);
    return file ? Promise.resolve(file) : Promise.reject(new Error(`s3://${bucket}/${key} does not exist`));
  },
};

describe('the Redshift Data API', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-redshift-'));
  let redshift: LocalRedshift;
  const run = async (Sql: string, more: Record<string, unknown> = {}): Promise<Answer> => {
    const { Id, status, message } = await call(redshift, 'ExecuteStatement', { Sql, WaitTimeSeconds: 20, ...more });
    if (status !== 200) throw new Error(message);
    return call(redshift, 'DescribeStatement', { Id });
  };
  const rows = async (Sql: string, more: Record<string, unknown> = {}): Promise<unknown[][]> => {
    const { Id, Status, Error: error } = await run(Sql, more);
    if (Status !== 'FINISHED') throw new Error(error);
    const { Records } = await call(redshift, 'GetStatementResult', { Id });
    return (Records as Record<string, unknown>[][]).map((row) => row.map((cell) => (cell['isNull'] ? null : Object.values(cell)[0])));
  };

  beforeAll(async () => {
    redshift = await startRedshift({ dataDir, s3 });
  });
  afterAll(async () => {
    await redshift.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('takes a Redshift table, enforces no key, and types its results as the Data API does', async () => {
    const made = await run(`CREATE TABLE t1 (id VARCHAR(20) NOT NULL ENCODE zstd, n INTEGER, m DECIMAL(18,4), at TIMESTAMP, ok BOOLEAN, s SUPER,
      PRIMARY KEY (id)) DISTSTYLE KEY DISTKEY (id) COMPOUND SORTKEY (at, id)`);
    expect(made['Error']).toBeUndefined();
    await run(`INSERT INTO t1 VALUES ('a', 1, 1.5, '2026-11-22 10:00:00', true, json_parse('{"x":1}')), ('a', NULL, NULL, NULL, NULL, NULL)`);
    expect(await rows('SELECT id, n, m, at, ok, s FROM t1 ORDER BY n')).toEqual([
      ['a', 1, '1.5000', '2026-11-22 10:00:00', true, '{"x": 1}'], ['a', null, null, null, null, null],
    ]);
  });

  it('binds named parameters anywhere but in literals, and refuses empty and unused ones', async () => {
    expect(await rows("SELECT ':n', :n::INTEGER + 1, NVL(NULL, :n)", { Parameters: [{ name: 'n', value: '41' }] })).toEqual([[':n', 42, '41']]);
    await expect(run('SELECT :n', { Parameters: [{ name: 'n', value: '' }] })).rejects.toThrow('greater than or equal to 1');
    await expect(run('SELECT 1', { Parameters: [{ name: 'n', value: '1' }] })).rejects.toThrow('unused');
  });

  it('runs a batch as one transaction', async () => {
    const { Id } = await call(redshift, 'BatchExecuteStatement', {
      Sqls: ['CREATE TABLE t2 (a INTEGER)', 'INSERT INTO t2 VALUES (1)', 'SELECT no_such_column FROM t2'], WaitTimeSeconds: 20,
    });
    const failed = await call(redshift, 'DescribeStatement', { Id });
    expect(failed['Status']).toBe('FAILED');
    expect(failed['SubStatements'].map((one: Answer) => one['Status'])).toEqual(['FINISHED', 'FINISHED', 'FAILED']);
    await expect(rows('SELECT 1 FROM t2')).rejects.toThrow('does not exist');
    const many = await call(redshift, 'BatchExecuteStatement', { Sqls: Array.from({ length: 41 }, () => 'SELECT 1') });
    expect(many['__type']).toBe('ValidationException');
  });

  it('runs a statement once for one client token', async () => {
    await run('CREATE TABLE t3 (a INTEGER)');
    const first = await call(redshift, 'ExecuteStatement', { Sql: 'INSERT INTO t3 VALUES (1)', ClientToken: 'once', WaitTimeSeconds: 20 });
    const second = await call(redshift, 'ExecuteStatement', { Sql: 'INSERT INTO t3 VALUES (1)', ClientToken: 'once', WaitTimeSeconds: 20 });
    expect(second['Id']).toBe(first['Id']);
    expect(await rows('SELECT COUNT(*) FROM t3')).toEqual([[1]]);
  });

  it('copies gzip JSON lines by manifest and merges them as Redshift documents', async () => {
    files.set('b/a.gz', gzipSync('{"k":"a","n":1,"t":"x\\ty\\\\z\\n","extra":true}\n{"k":"b","n":null}\n'));
    files.set('b/c.gz', gzipSync('{"k":"c","n":3,"t":"ü"}\n'));
    files.set('b/m', Buffer.from(JSON.stringify({ entries: [{ url: 's3://b/a.gz', mandatory: true }, { url: 's3://b/c.gz', mandatory: true }] })));
    await run("CREATE TABLE t4 (k VARCHAR(8), n INTEGER, t VARCHAR(8), PRIMARY KEY (k))");
    await run("INSERT INTO t4 VALUES ('a', 0, 'old')");
    const { Id } = await call(redshift, 'BatchExecuteStatement', {
      WaitTimeSeconds: 20,
      Sqls: [
        'CREATE TEMP TABLE s4 (LIKE t4)',
        "COPY s4 FROM 's3://b/m' IAM_ROLE default FORMAT JSON 'auto' GZIP MANIFEST TIMEFORMAT 'auto'",
        'MERGE INTO t4 USING s4 s ON t4.k = s.k WHEN MATCHED THEN UPDATE SET n = s.n, t = s.t WHEN NOT MATCHED THEN INSERT (k, n, t) VALUES (s.k, s.n, s.t)',
      ],
    });
    const done = await call(redshift, 'DescribeStatement', { Id });
    expect(done['Error']).toBeUndefined();
    expect(done['SubStatements'].map((one: Answer) => one['ResultRows'])).toEqual([0, 3, 3]);
    expect(await rows('SELECT k, n, t FROM t4 ORDER BY k')).toEqual([['a', 1, 'x\ty\\z\n'], ['b', null, null], ['c', 3, 'ü']]);
  });

  it('says which row of a file a load failed on, where Redshift says it', async () => {
    files.set('b/bad.json', Buffer.from('{"k":"a"}\n{"k":"b","n":"many"}\n'));
    await run('CREATE TABLE t5 (k VARCHAR(8), n INTEGER)');
    const failed = await run("COPY t5 FROM 's3://b/bad.json' IAM_ROLE default FORMAT JSON 'auto'");
    expect(failed['Error']).toContain('sys_load_error_detail');
    expect(await rows('SELECT TRIM(file_name), line_number, TRIM(column_name) FROM sys_load_error_detail')).toEqual([['s3://b/bad.json', 2, 'n']]);
    files.set('b/long.json', Buffer.from('{"k":"ääääää"}\n'));
    expect((await run("COPY t5 FROM 's3://b/long.json' IAM_ROLE default FORMAT JSON 'auto'"))['Status']).toBe('FAILED'); // 12 bytes
  });

  it.each([
    "INSERT INTO t1 (id) VALUES ('x') ON CONFLICT DO NOTHING", "SELECT s->>'x' FROM t1", 'CREATE INDEX i ON t1 (id)', 'SELECT NOW()',
    'MERGE INTO t1 t USING t1 s ON t.id = s.id WHEN MATCHED THEN UPDATE SET n = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)',
    "DELETE FROM t1 WHERE id = 'x' RETURNING id",
  ])('refuses what only PostgreSQL takes: %s', async (sql) => {
    expect((await run(sql))['Error']).toContain('Redshift does not take this');
  });

  it('knows Redshift functions of time and text', async () => {
    expect(
      await rows(`SELECT DATEDIFF(day, '2026-01-01'::TIMESTAMP, '2026-01-03 01:00:00'::TIMESTAMP), DATEADD(month, 1, '2026-01-31'::TIMESTAMP), TRUNC('2026-01-03 01:00:00'::TIMESTAMP),
        LISTAGG(x, ',') WITHIN GROUP (ORDER BY x), MEDIAN(n), LEN('abc'), GETDATE() > SYSDATE - INTERVAL '1 day' FROM (SELECT 'b' AS x, 1 AS n UNION ALL SELECT 'a', 3) u`),
    ).toEqual([[2, '2026-02-28 00:00:00', '2026-01-03', 'a,b', 2, 3, true]]);
  });

  it('keeps rows and statement states over SIGKILL of the database, and pages results', async () => {
    await run("CREATE TABLE t6 AS SELECT a.n * 40 + b.n AS n, REPEAT('x', 1000) AS t FROM (SELECT ROW_NUMBER() OVER () AS n FROM pg_attribute LIMIT 60) a CROSS JOIN (SELECT ROW_NUMBER() OVER () AS n FROM pg_attribute LIMIT 40) b");
    const { Id } = await run('SELECT n, t FROM t6');
    let pages = 0;
    let count = 0;
    for (let NextToken: string | undefined; pages === 0 || NextToken; pages++) {
      const page = await call(redshift, 'GetStatementResult', { Id, ...(NextToken ? { NextToken } : {}) });
      count += (page['Records'] as unknown[]).length;
      NextToken = page['NextToken'];
    }
    expect([pages > 1, count]).toEqual([true, 2400]);
    process.kill(redshift.pid, 'SIGKILL');
    await redshift.close();
    redshift = await startRedshift({ dataDir, s3 });
    expect(await rows('SELECT COUNT(*) FROM t6')).toEqual([[2400]]);
    expect((await call(redshift, 'DescribeStatement', { Id }))['Status']).toBe('FINISHED');
  });
});
