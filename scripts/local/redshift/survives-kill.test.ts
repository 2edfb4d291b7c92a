import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedshift } from '../redshift.ts';

it('keeps what was committed, and the states of statements, when the process and its database are killed', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-killed-'));
  const child = fork(join(__dirname, 'warehouse-process.ts'), [dataDir], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  const next = async (): Promise<Record<string, unknown>> => ((await once(child, 'message')) as [Record<string, unknown>])[0];
  const { pid } = await next();
  const run = (sql: string, wait = 20): Promise<Record<string, unknown>> => {
    const answer = next();
    child.send({ sql, wait });
    return answer;
  };
  await run('CREATE TABLE kept (n INTEGER)');
  const finished: unknown[] = [];
  for (let n = 0; n < 20; n++) {
    const { Id, Status } = await run(`INSERT INTO kept VALUES (${n})`);
    expect(Status).toBe('FINISHED');
    finished.push(Id);
  }
  const { Id: asked } = await run('SELECT COUNT(*) FROM kept');
  const { Id: open } = await run('WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n', 0);
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  process.kill(Number(pid), 'SIGKILL');
  await gone;

  const redshift = await startRedshift({ dataDir, s3: { get: () => Promise.reject(new Error('no files here')) } });
  const call = async (operation: string, input: object): Promise<Record<string, unknown>> => {
    const body = Buffer.from(JSON.stringify({ WorkgroupName: 'orderflow-local', Database: 'orderflow', WaitTimeSeconds: 20, ...input }));
    const answer = await redshift.handle({ service: 'redshift-data', operation, method: 'POST', path: '/', query: new URLSearchParams(), headers: {}, body, accessKeyId: 'local' });
    return JSON.parse(answer.body.toString()) as Record<string, unknown>;
  };
  try {
    for (const Id of finished) expect((await call('DescribeStatement', { Id }))['Status']).toBe('FINISHED');
    expect((await call('GetStatementResult', { Id: asked }))['Records']).toEqual([[{ longValue: 20 }]]);
    expect(await call('DescribeStatement', { Id: open })).toMatchObject({ Status: 'FAILED', Error: expect.stringContaining('Connection to the database was lost') });
    const { Id } = await call('ExecuteStatement', { Sql: 'SELECT COUNT(*) FROM kept' });
    expect((await call('GetStatementResult', { Id }))['Records']).toEqual([[{ longValue: 20 }]]);
  } finally {
    await redshift.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 60_000);
