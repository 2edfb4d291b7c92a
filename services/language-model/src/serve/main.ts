/**
 * The model's server: `node src/serve/main.ts [--port 8080] [--host 0.0.0.0] [--weights FILE]`. The same program is the
 * SageMaker container's entry and the local endpoint. A parent that started it with an IPC channel is told
 * `{ listening: port }`; when that channel closes, the server ends.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readWeights } from '../model/weights-file.ts';
import { answer } from './answer.ts';
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

const weightsFile = values.weights ?? join(import.meta.dirname, '..', '..', 'weights', 'model.bin');
const load = () => {
  try {
    return readWeights(readFileSync(weightsFile));
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return process.exit(1);
  }
};
const weights = load();
// warm: compiled before /ping says so
for (let at = 0; at < 50; at += 1) answer(weights, Buffer.from('{"instances":[{"text":"warm up, it works","facts":{}}]}'));

const server = modelServer(weights);
const stop = (): void => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
server.on('error', (error) => {
  complain(`cannot listen on port ${port}: ${(error as NodeJS.ErrnoException).code ?? error.message}`);
  process.exit(1);
});
server.listen(port, values.host ?? (process.send ? '127.0.0.1' : '0.0.0.0'), () => {
  const at = (server.address() as AddressInfo).port;
  process.stdout.write(`${JSON.stringify({ listening: at, model: weights.version })}\n`);
  process.send?.({ listening: at });
});
process.on('disconnect', stop);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
