/**
 * A payment provider for one machine: `node scripts/local/payments-standin.ts [--port P] [--data-dir DIR]`. Answers as
 * Stripe, PayPal, Square and Adyen do, below `/<provider>/…`. How a payment stands is set by `PUT /payments/<reference>`
 * with `{ "status": "PAID" }`; how the stand-in behaves by `PUT /behaviour` with `{ "delayMs": 0, "down": false }`.
 * A payment nobody has set is PENDING. Kept in DIR/payments.json. Tells its parent `{ ready: true, port }` over IPC.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { answerOf, type StandInStatus } from './payments-answers.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, 'data-dir': { type: 'string' } } });
const file = values['data-dir'] === undefined ? undefined : join(values['data-dir'], 'payments.json');

interface State {
  payments: Record<string, StandInStatus>;
  behaviour: { delayMs: number; down: boolean };
}
const state: State = file !== undefined && existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as State)
  : { payments: {}, behaviour: { delayMs: 0, down: false } };

function keep(): void {
  if (file === undefined || values['data-dir'] === undefined) return;
  mkdirSync(values['data-dir'], { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Record<string, unknown>;
}

async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const [, first = '', ...rest] = path.split('/').map(decodeURIComponent);
  if (request.method === 'PUT' && first === 'payments' && rest[0]) {
    const { status } = await bodyOf(request);
    state.payments[rest[0]] = status as StandInStatus;
    keep();
    return { status: 200, body: { reference: rest[0], status } };
  }
  if (request.method === 'PUT' && first === 'behaviour') {
    Object.assign(state.behaviour, await bodyOf(request));
    keep();
    return { status: 200, body: state.behaviour };
  }
  await pause(state.behaviour.delayMs);
  if (state.behaviour.down) return { status: 503, body: { error: 'down' } };
  if (!request.headers.authorization && !request.headers['x-api-key']) return { status: 401, body: { error: 'no credentials' } };
  if (rest.at(-1) === 'token') return { status: 200, body: { access_token: 'local', expires_in: 3600 } };
  const body = answerOf(first, state.payments[rest.at(-1) ?? ''] ?? 'PENDING', rest.at(-1) ?? '');
  return body === undefined ? { status: 404, body: { error: 'not found' } } : { status: 200, body };
}

const server = createServer((request, response) => {
  answer(request).then(
    ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    (error: unknown) => response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: String(error) })),
  );
});
server.listen(Number(values.port), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`payments stand-in: http://127.0.0.1:${port}\n`);
  process.send?.({ ready: true, port });
});
const stop = (): void => {
  server.closeAllConnections();
  server.close(() => process.exit(0));
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('disconnect', stop);
