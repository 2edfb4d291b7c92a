import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { localKeyPair } from '../../services/ingest/src/accounts/local-key-pair.ts';
import type { TokenFlow } from '../../services/ingest/src/sources/api.ts';
import { accountOf, credentialOf, type Headers, type StandInVendor } from './vendors.ts';
import type { VendorStore } from './vendor-store.ts';

/** How long an access token is good for: short, so that a run sees some of them end. */
const goodForSeconds = 60;

/** Path of a vendor's token endpoint below its stand-in. */
export const tokenPath = ({ address }: TokenFlow): string => (address.startsWith('/') ? address : new URL(address).pathname);

const refreshOf = (source: string, account: string, count: number): string => `${credentialOf(source, account)}-refresh-${count}`;

const publicKey = createPublicKey(localKeyPair.publicKey);

/** Who asks, and the secret that he shows; a signed assertion stands for it. */
async function clientIn({ client }: TokenFlow, headers: Headers, fields: URLSearchParams): Promise<readonly [string, string]> {
  if (client === 'assertion') {
    const { payload } = await jwtVerify(fields.get('client_assertion') ?? '', publicKey, { algorithms: ['PS256'] }).catch(() => ({ payload: { iss: '' } }));
    return [payload.iss ?? '', `${payload.iss ?? ''}-secret`];
  }
  if (client === 'fields') return [fields.get('client_id') ?? '', fields.get('client_secret') ?? ''];
  const [id = '', secret = ''] = Buffer.from(/^Basic (.+)$/.exec(String(headers['authorization'] ?? ''))?.[1] ?? '', 'base64').toString('utf8').split(':');
  return [id, secret];
}

/**
 * Gives an access token to who proves to be an account's client, as the definition's flow says; a refresh token that rotates
 * is good once. A token says itself whose it is and until when: nothing has to be remembered.
 */
export async function giveToken({ source: { name, api } }: StandInVendor, headers: Headers, body: string, store: VendorStore, now: number): Promise<{ readonly status: number; readonly body: string }> {
  const refused = (error: string) => ({ status: 400, body: JSON.stringify({ error }) });
  const flow = api?.token;
  const snake = (word: string): string => (flow?.camelCase ? word.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : word);
  const fields = new URLSearchParams([...new URLSearchParams(body)].map(([word, value]): [string, string] => [snake(word), value]));
  if (!flow || fields.get('grant_type') !== flow.grant) return refused('unsupported_grant_type');
  const [id, secret] = await clientIn(flow, headers, fields);
  const account = accountOf(name, id);
  if (account === undefined || secret !== `${id}-secret`) return { status: 401, body: JSON.stringify({ error: 'invalid_client' }) };
  const key = `${name}/${account}`;
  const count = store.refreshes(key);
  if (flow.grant === 'refresh_token' && fields.get('refresh_token') !== refreshOf(name, account, count)) return refused('invalid_grant');
  if (flow.rotates) store.refreshed(key, count + 1);
  const access = `${id}-token-${now + goodForSeconds * 1_000}`;
  if (flow.camelCase) return { status: 200, body: JSON.stringify({ accessToken: access, type: 'bearer', expiresIn: goodForSeconds }) };
  return {
    status: 200,
    body: JSON.stringify({
      access_token: access, token_type: 'bearer', expires_in: goodForSeconds, ...(flow.rotates && { refresh_token: refreshOf(name, account, count + 1) }),
    }),
  };
}

/** The account whose access token is shown and still good. */
export function accountOfToken(source: string, token: string | undefined, now: number): string | undefined {
  const [, id, until] = /^(.+)-token-(\d+)$/.exec(token ?? '') ?? [];
  return until !== undefined && Number(until) > now ? accountOf(source, id) : undefined;
}
