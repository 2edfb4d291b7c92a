import { BadEnvironment, readEnv } from '@orderflow/shared/lambda';
import { environment } from './env.ts';
import { runProducer } from './run.ts';

/** Longer than this a stop does not wait for slow senders or for S3. */
const patienceMs = 20_000;

const fail = (error: unknown): never => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const text = code === 'EADDRINUSE' ? 'its port is taken: set PORT to a free one' : error instanceof Error ? error.message : String(error);
  process.stderr.write(`producer: ${text}\n`);
  process.exit(error instanceof BadEnvironment ? 2 : 1);
};

async function main(): Promise<void> {
  const running = await runProducer(readEnv(environment), (line) => process.stdout.write(line));
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), patienceMs).unref();
    running.stop().then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // started by a parent that speaks to it: never outlive that parent
  process.once('disconnect', stop);
  process.send?.({ ready: true, port: running.port });
}

main().catch(fail);
