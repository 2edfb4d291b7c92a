import { Agent, request } from 'node:http';
import { localSecret } from '../../../services/ingest/src/accounts/local-secrets.ts';
import type { Signed } from '../../../services/ingest/src/verify/index.ts';
import { signedRequest, webhookPath } from '../../demo/request.ts';

/** One webhook as a fault sends it; what is absent is done as an honest sender does it. */
export interface Letter {
  readonly source: string;
  readonly account: string;
  /** The sender's id of the delivery. */
  readonly id: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly secret?: string;
  /** Seconds since 1970 that are signed. */
  readonly seconds?: number;
  /** Headers that take the place of the signature's. */
  readonly signature?: Signed['headers'];
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  /** Seconds after which it may be sent again, where the answer says so. */
  readonly retryAfter?: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** The header in which senders of a source number their deliveries, where their signature does not make it itself. */
const numbered: Readonly<Record<string, string>> = { canonical: 'webhook-id', shopify: 'x-shopify-webhook-id' };

/** The headers that prove the letter, and number it. */
export function signatureOf({ source, account, id, body, secret, seconds }: Letter): Signed['headers'] {
  const number = numbered[source];
  const message = { headers: number === undefined ? {} : { [number]: id }, body };
  return signedRequest(message, { source, account, base: 'http://127.0.0.1' }, seconds === undefined ? Date.now() : seconds * 1000, secret ?? localSecret(source, account)).headers;
}

/** Sends it once. @throws when the connection is lost */
export function post(port: number, letter: Letter): Promise<Reply> {
  const { source, account, body } = letter;
  const path = webhookPath(source, account);
  const headers = { 'content-type': 'application/json', ...letter.headers, ...(letter.signature ?? signatureOf(letter)), 'content-length': Buffer.byteLength(body) };
  return new Promise((done, fail) => {
    const sent = request({ agent, host: '127.0.0.1', port, method: 'POST', path, headers, timeout: 60_000 }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('end', () => done({
        status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8'), ...(answer.headers['retry-after'] === undefined ? {} : { retryAfter: Number(answer.headers['retry-after']) }),
      }));
      answer.once('error', fail);
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer within 60 s')));
    sent.once('error', fail);
    sent.end(body);
  });
}

export const closeConnections = (): void => agent.destroy();
