import type { DemoMessage } from '../../services/ingest/src/sources/demo.ts';
import { findSource } from '../../services/ingest/src/sources/registry.ts';
import { proven, type Signed } from '../../services/ingest/src/verify/index.ts';

/** Who sends, and to where: the address of the webhooks as its senders know it. */
export interface Sender {
  readonly source: string;
  readonly account: string;
  readonly base: string;
}

export const webhookPath = (source: string, account: string): string =>
  `/webhooks/${source}${account === 'default' ? '' : `/${encodeURIComponent(account)}`}`;

/** A message as its sender proves it, at a time in milliseconds since 1970. */
export function signedRequest(message: Pick<DemoMessage, 'method' | 'query' | 'headers' | 'body'>, { source, account, base }: Sender, secret: string, ms: number): Signed {
  const request: Signed = {
    method: message.method ?? 'POST',
    url: `${base}${webhookPath(source, account)}${message.query === undefined ? '' : `?${message.query}`}`,
    headers: message.headers,
    body: Buffer.from(message.body, 'utf8'),
  };
  const scheme = findSource(source)?.verify;
  return scheme === undefined || scheme === 'not-http' ? request : proven(scheme, secret, request, ms);
}
