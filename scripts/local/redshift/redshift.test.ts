import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedshift, type LocalRedshift } from '../redshift.ts';
import type { StatementEvent } from './views.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers of many operations
type Answer = Record<string, any>;

const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-redshift-'));
const s3 = { get: () => Promise.reject(new Error('no files here')) };
const events: StatementEvent[] = [];
let now = Date.now();
let redshift: LocalRedshift;

const start = async (): Promise<void> => {
  redshift = await startRedshift({ dataDir, s3, clock: () => now, emit: (event) => events.push(event), roleOf: (key) => (key === 'local' ? undefined : `arn:aws:iam::000000000000:role/${key.replace(/\d/, '')}`) });
};
const call = async (operation: string, input: Record<string, unknown>, accessKeyId = 'local'): Promise<Answer> => {
  const answer = await redshift.handle({
    service: 'redshift-data', operation, method: 'POST', path: '/', query: new URLSearchParams(), headers: {},
    body: Buffer.from(JSON.stringify({ WorkgroupName: 'orderflow-local', Database: 'orderflow', ...input })), accessKeyId,
  });
  return { status: answer.status, ...(JSON.parse(answer.body.toString()) as Answer) };
};
const run = async (Sql: string, more: Record<string, unknown> = {}): Promise<Answer> => {
  const { Id, status, message } = await call('ExecuteStatement', { Sql, WaitTimeSeconds: 20, ...more });
  return status === 200 ? call('DescribeStatement', { Id, WaitTimeSeconds: 20 }) : { Error: message };
};
const rows = async (Sql: string): Promise<unknown[][]> => {
  const { Id, Status, Error: error } = await run(Sql);
  if (Status !== 'FINISHED') throw new Error(error);
  const { Records } = await call('GetStatementResult', { Id });
  return (Records as Record<string, unknown>[][]).map((row) => row.map((cell) => (cell['isNull'] ? null : Object.values(cell)[0])));
};
/** Until statement `part` of a batch (from 0) runs. */
const started = async (Id: string, part: number): Promise<void> => {
  while ((await call('DescribeStatement', { Id }))['SubStatements'][part]['Status'] !== 'STARTED') await new Promise((resolve) => setTimeout(resolve, 2));
};

beforeAll(start, 30_000);
afterAll(async () => {
  await redshift.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it.each([
  ["INSERT INTO t (id) VALUES ('x') ON CONFLICT DO NOTHING", 'Redshift does not take this'], ['SELECT SUM(a) OVER (ORDER BY b) FROM t', 'Redshift does not take this'],
  ['SELECT a FROM t QUALIFY a = 1', 'the local warehouse does not have'], ['BEGIN', 'the local warehouse does not have'], ["UNLOAD ('SELECT 1') TO 's3://b/k' IAM_ROLE default", 'the local warehouse does not have'],
])('refuses at run time what the lint refuses: %s', async (sql, words) => expect((await run(sql))['Error']).toContain(words));

it('has no sessions, and says so', async () => {
  expect((await run('SELECT 1', { SessionKeepAliveSeconds: 60 }))['Error']).toContain('no sessions');
  expect(await call('ListSessions', {})).toMatchObject({ status: 400, __type: 'UnknownOperationException' });
});

it('makes each call a session of its own', async () => {
  await run('SET statement_timeout TO 12345');
  expect(await rows("SELECT current_setting('statement_timeout')")).toEqual([['0']]);
  await run('CREATE TEMP TABLE passing (a INTEGER)');
  await expect(rows('SELECT * FROM passing')).rejects.toThrow('does not exist');
});

it('limits texts in bytes in copies of a table, and in columns added and widened later', async () => {
  await run('CREATE TABLE narrow (v VARCHAR(2))');
  await run('CREATE TABLE copied (LIKE narrow)');
  await run('ALTER TABLE narrow ADD COLUMN w VARCHAR(2)');
  const said = async (sql: string): Promise<string> => String((await run(sql))['Error'] ?? 'taken').split('\n')[0] ?? '';
  const tooLong = 'ERROR: Value too long for character type';
  expect([await said("INSERT INTO copied VALUES ('äb')"), await said("INSERT INTO narrow (w) VALUES ('äb')")]).toEqual([tooLong, tooLong]);
  await run('ALTER TABLE narrow ALTER COLUMN w TYPE VARCHAR(3)');
  expect([await said("INSERT INTO narrow (w) VALUES ('äb')"), await said("INSERT INTO narrow (w) VALUES ('äbc')")]).toEqual(['taken', tooLong]);
});

it('knows callers by role: the lists of one role, or of one of its sessions', async () => {
  for (const key of ['reader1', 'reader2', 'writer1']) await call('ExecuteStatement', { Sql: 'SELECT 1', StatementName: 'mine', WaitTimeSeconds: 5 }, key);
  const count = async (input: object, key: string): Promise<number> => ((await call('ListStatements', { StatementName: 'mine', ...input }, key))['Statements'] as unknown[]).length;
  expect([await count({}, 'reader1'), await count({ RoleLevel: false }, 'reader1'), await count({}, 'writer1')]).toEqual([2, 1, 1]);
  const { Id } = await call('ExecuteStatement', { Sql: 'SELECT 1' }, 'reader1');
  expect((await call('DescribeStatement', { Id }))['DbUser']).toBe('IAMR:reader');
});

it('takes 500 statements at a time', async () => {
  await run('CREATE TABLE gate (a INTEGER)');
  const keeper = await call('BatchExecuteStatement', { Sqls: ['LOCK gate', 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n'] });
  await started(keeper['Id'] as string, 1);
  const waiting: string[] = [];
  for (let at = 1; at < 500; at++) waiting.push((await call('ExecuteStatement', { Sql: 'SELECT * FROM gate' }))['Id'] as string);
  expect(await call('ExecuteStatement', { Sql: 'SELECT 1' })).toMatchObject({ status: 400, __type: 'ActiveStatementsExceededException' });
  expect((await call('DescribeStatement', { Id: waiting.at(-1) }))['Status']).toBe('PICKED');
  await call('CancelStatement', { Id: keeper['Id'] });
  await Promise.all(waiting.map((Id) => call('DescribeStatement', { Id, WaitTimeSeconds: 20 })));
  expect((await call('DescribeStatement', { Id: waiting.at(-1) }))['Status']).toBe('FINISHED');
});

it('tells of the end of a statement, aborted ones too', async () => {
  const { Id } = await call('ExecuteStatement', { Sql: 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n', WithEvent: true, StatementName: 'long' });
  await call('CancelStatement', { Id });
  await call('DescribeStatement', { Id, WaitTimeSeconds: 20 });
  expect(events.at(-1)).toMatchObject({ source: 'aws.redshift-data', detail: { statementId: Id, statementName: 'long', state: 'ABORTED' } });
});

describe('write skew', () => {
  const swap = async (): Promise<string[]> => {
    await run('DELETE FROM numbers');
    await run('INSERT INTO numbers VALUES (0), (1)');
    const keeper = await call('BatchExecuteStatement', { Sqls: ['LOCK door', 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n'] });
    await started(keeper['Id'] as string, 1);
    const ids = await Promise.all(['0 WHERE digits = 1', '1 WHERE digits = 0'].map(async (change) =>
      (await call('BatchExecuteStatement', { Sqls: ['SELECT COUNT(*) FROM numbers', 'LOCK door', `UPDATE numbers SET digits = ${change}`] }))['Id'] as string));
    await Promise.all(ids.map((id) => started(id, 1)));
    await call('CancelStatement', { Id: keeper['Id'] });
    const done = await Promise.all(ids.map((Id) => call('DescribeStatement', { Id, WaitTimeSeconds: 20 })));
    return done.map(({ Status, Error: error }) => (Status === 'FINISHED' ? 'FINISHED' : String(error).slice(0, 11))).sort();
  };

  it('passes under SNAPSHOT isolation, as a serverless workgroup begins, and collides under SERIALIZABLE', async () => {
    await run('CREATE TABLE numbers (digits INTEGER)');
    await run('CREATE TABLE door (a INTEGER)');
    expect(await rows('SELECT TRIM(isolation_level) FROM stv_db_isolation_level')).toEqual([['Snapshot Isolation']]);
    expect(await swap()).toEqual(['FINISHED', 'FINISHED']);
    expect((await run('ALTER DATABASE orderflow ISOLATION LEVEL SERIALIZABLE'))['Error']).toBeUndefined();
    expect(await swap()).toEqual(['ERROR: 1023', 'FINISHED']);
    await run('ALTER DATABASE orderflow ISOLATION LEVEL SNAPSHOT');
    expect(await swap()).toEqual(['FINISHED', 'FINISHED']);
  });
});

it('breaks a deadlock', async () => {
  for (const name of ['a', 'b']) await run(`CREATE TABLE dead_${name} (n INTEGER)`);
  const slow = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT COUNT(*) FROM n';
  const ids = await Promise.all([['a', 'b'], ['b', 'a']].map(async ([one, two]) => (await call('BatchExecuteStatement', { Sqls: [`LOCK dead_${one}`, slow, `LOCK dead_${two}`] }))['Id'] as string));
  const done = await Promise.all(ids.map((Id) => call('DescribeStatement', { Id, WaitTimeSeconds: 20 })));
  expect(done.map(({ Status }) => Status as string).sort()).toEqual(['FAILED', 'FINISHED']);
  expect(done.find(({ Status }) => Status === 'FAILED')?.['Error']).toContain('deadlock detected');
});

it('goes on after SIGKILL of the database, and finds everything again after a restart', async () => {
  await run('CREATE TABLE kept AS SELECT 1 AS n');
  const { Id } = await run('SELECT n FROM kept');
  const before = redshift.pid;
  const running = await call('ExecuteStatement', { Sql: 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n' });
  while ((await call('DescribeStatement', { Id: running['Id'] }))['Status'] !== 'STARTED') await new Promise((resolve) => setTimeout(resolve, 2));
  process.kill(before, 'SIGKILL');
  while (redshift.pid === before) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await rows('SELECT n FROM kept')).toEqual([[1]]);
  expect(redshift.pid).not.toBe(before);
  expect((await call('DescribeStatement', { Id: running['Id'], WaitTimeSeconds: 20 }))['Status']).toBe('FAILED');
  await redshift.close();
  await start();
  expect((await call('DescribeStatement', { Id }))['Status']).toBe('FINISHED');
  expect((await call('GetStatementResult', { Id }))['Records']).toEqual([[{ longValue: 1 }]]);
  expect(await rows('SELECT n FROM kept')).toEqual([[1]]);
}, 30_000);

it('forgets client tokens after eight hours, and results after a day', async () => {
  const insert = { Sql: 'SELECT 2', ClientToken: 'once', WaitTimeSeconds: 5 };
  const { Id } = await call('ExecuteStatement', insert);
  now += 8 * 3_600_000 - 1;
  expect((await call('ExecuteStatement', insert))['Id']).toBe(Id);
  now += 2;
  expect((await call('ExecuteStatement', insert))['Id']).not.toBe(Id);
  now += 24 * 3_600_000;
  expect(await call('GetStatementResult', { Id })).toMatchObject({ __type: 'ResourceNotFoundException' });
  expect(await call('DescribeStatement', { Id })).toMatchObject({ __type: 'ResourceNotFoundException' });
});
