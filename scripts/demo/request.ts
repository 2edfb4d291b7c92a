import { localSecret } from '../../services/ingest/src/accounts/local-secrets.ts';
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

/** A secret that nobody has given out, written as the source's secrets are. */
export function forgedSecret(source: string): string {
  const scheme = findSource(source)?.verify;
  const decode = scheme === undefined || scheme === 'not-http' || !('key' in scheme) ? 'text' : scheme.key.decode;
  return Buffer.from('not-the-secret', 'utf8').toString(decode === 'hex' || decode === 'base64' ? decode : 'utf8');
}

/** A message as its sender proves it, at a time in milliseconds since 1970. */
export function signedRequest(message: Pick<DemoMessage, 'method' | 'query' | 'headers'> & { readonly body: string | Uint8Array }, { source, account, base }: Sender, ms: number, secret = localSecret(source, account)): Signed {
  const request: Signed = {
    method: message.method ?? 'POST',
    url: `${base}${webhookPath(source, account)}${message.query === undefined ? '' : `?${message.query}`}`,
    headers: message.headers,
    body: typeof message.body === 'string' ? Buffer.from(message.body, 'utf8') : message.body,
  };
  const scheme = findSource(source)?.verify;
  return scheme === undefined || scheme === 'not-http' ? request : proven(scheme, secret, request, ms);
}
