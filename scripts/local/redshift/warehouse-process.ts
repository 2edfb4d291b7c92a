// The warehouse alone in a process, for the test that kills it: `node warehouse-process.ts <data-dir>`; runs what it is sent.
import { startRedshift } from '../redshift.ts';

const redshift = await startRedshift({ dataDir: process.argv[2] ?? '', s3: { get: () => Promise.reject(new Error('no files here')) } });
process.on('message', ({ sql, wait }: { sql: string; wait: number }) => {
  const body = Buffer.from(JSON.stringify({ WorkgroupName: 'orderflow-local', Database: 'orderflow', Sql: sql, WaitTimeSeconds: wait }));
  void redshift.handle({ service: 'redshift-data', operation: 'ExecuteStatement', method: 'POST', path: '/', query: new URLSearchParams(), headers: {}, body, accessKeyId: 'local' })
    .then((answer) => process.send?.(JSON.parse(answer.body.toString())));
});
process.on('disconnect', () => void redshift.close().then(() => process.exit()));
process.send?.({ pid: redshift.pid });
