/**
 * The model's server: `node src/serve/main.ts [--port 8080] [--host 0.0.0.0] [--weights DIR]`. The same program is the
 * SageMaker container's entry and the local endpoint. A parent that started it with an IPC channel is told
 * `{ listening: port }`; when that channel closes, the server ends.
 */
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEncoder } from '../model/load-encoder.ts';
import { modelServer } from './server.ts';

const complain = (what: string): void => void process.stderr.write(`language-model: ${what}\n`);

const { values } = parseArgs({
  // SageMaker starts the container with the argument `serve`
  allowPositionals: true,
  options: { port: { type: 'string' }, host: { type: 'string' }, weights: { type: 'string' } },
});
const port = Number(values.port ?? '8080');
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  complain(`--port must be a number from 0 to 65535, not ${values.port}`);
  process.exit(2);
}

/** Loaded, and warm: the first request is as fast as the others. It listens only then, so that /ping never answers too early. */
async function ready() {
  const model = await loadEncoder(values.weights ?? join(import.meta.dirname, '..', '..', 'weights'));
  const text = 'warm up, it works';
  const { model: { version } } = await model.predict([{ text, facts: {} }]);
  await model.predict(Array.from({ length: 32 }, () => ({ text })));
  return { model, version };
}

const { model, version } = await ready().catch((error: unknown) => {
  complain(error instanceof Error ? error.message : String(error));
  return process.exit(1);
});
const server = modelServer(model);
/** What runs and waits is answered, nothing new is taken. */
const stop = (): void => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
};
server.on('error', (error) => {
  complain(`cannot listen on port ${port}: ${(error as NodeJS.ErrnoException).code ?? error.message}`);
  process.exit(1);
});
server.listen(port, values.host ?? (process.send ? '127.0.0.1' : '0.0.0.0'), () => {
  const at = (server.address() as AddressInfo).port;
  process.stdout.write(`${JSON.stringify({ listening: at, model: version })}\n`);
  process.send?.({ listening: at });
});
// nobody is left who waits for an answer
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
