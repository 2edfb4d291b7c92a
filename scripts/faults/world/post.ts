import { Agent, request } from 'node:http';
import { localSecret, signers } from '../../demo/sign.ts';

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
  readonly signature?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  /** Seconds after which it may be sent again, where the answer says so. */
  readonly retryAfter?: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export function signatureOf({ source, account, id, body, secret, seconds }: Letter): Record<string, string> {
  const text = typeof body === 'string' ? body : body.toString('latin1');
  return signers[source]?.(secret ?? localSecret(source, account), id, text, seconds ?? Math.floor(Date.now() / 1000)) ?? {};
}

/** Sends it once. @throws when the connection is lost */
export function post(port: number, letter: Letter): Promise<Reply> {
  const { source, account, body } = letter;
  const path = `/webhooks/${source}${account === 'default' ? '' : `/${encodeURIComponent(account)}`}`;
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
