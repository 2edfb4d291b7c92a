import { BadEnvironment, readEnv } from '@orderflow/shared/lambda';
import { environment } from './env.ts';
import { runProducer } from './run.ts';

const fail = (error: unknown): never => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const text = code === 'EADDRINUSE' ? 'its port is taken: set PORT to a free one' : error instanceof Error ? error.message : String(error);
  process.stderr.write(`producer: ${text}\n`);
  process.exit(error instanceof BadEnvironment ? 2 : 1);
};

async function main(): Promise<void> {
  const env = readEnv(environment);
  const running = await runProducer(env, (line) => process.stdout.write(line));
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => {
      process.stderr.write(`producer: not through within DRAIN_SECONDS=${env.DRAIN_SECONDS}; what was answered 2xx is durable, parts of the raw archive may be missing\n`);
      process.exit(1);
    }, env.DRAIN_SECONDS * 1_000).unref();
    running.stop().then(() => process.exit(0), fail);
  };
  /** Asked twice: at once. What was answered 2xx is durable all the same. */
  const onSignal = (): void => (stopping ? process.exit(1) : stop());
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  // started by a parent that speaks to it: never outlive that parent
  process.once('disconnect', stop);
  process.send?.({ ready: true, port: running.port });
}

main().catch(fail);
