import { createPrivateKey } from 'node:crypto';
import type { Account } from '@orderflow/shared/accounts';
import { SignJWT } from 'jose';
import * as z from 'zod/mini';
import type { TokenFlow } from '../sources/api.ts';
import { CredentialRefused } from './access.ts';
import { addressBelow } from './address.ts';
import { VendorUnreachable } from './port.ts';

/** The credential of an account whose vendor gives tokens, as its owner keeps it. */
const filled = z.string().check(z.minLength(1));
const client = z.object({
  clientId: filled, clientSecret: z.optional(filled), refreshToken: z.optional(filled),
  /** Where the client proves itself by a signed assertion. */
  keyId: z.optional(filled), privateKey: z.optional(filled),
});
export type Client = z.infer<typeof client>;

/** https://www.rfc-editor.org/rfc/rfc6749#section-5.1; some vendors write `expires_in` as text. */
const answered = z.object({
  access_token: z.string().check(z.minLength(1)),
  expires_in: z.optional(z.union([z.number(), z.pipe(z.string().check(z.regex(/^\d{1,9}$/)), z.transform(Number))])),
  refresh_token: z.optional(z.string()),
});

export interface Token {
  readonly access: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** The refresh token from now on. */
  readonly refresh?: string | undefined;
}

/** A vendor that does not say how long a token is good for. */
const usualSeconds = 3_600;

/** @throws Error with one line that does not quote the credential */
export function readClient(text: string, account: Account, flow: TokenFlow): Client {
  const wanted = flow.client === 'assertion' ? ['keyId', 'privateKey'] as const : ['clientSecret'] as const;
  try {
    const read = z.parse(client, JSON.parse(text));
    if (wanted.every((name) => read[name] !== undefined)) return read;
  } catch {
    // said below, without what could not be read
  }
  throw new Error(`the credential of ${account.source}:${account.account} must be a JSON object of ${['clientId', ...wanted].join(', ')} and, where the vendor gives one, refreshToken`);
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A JWT by which a client proves itself to one token endpoint, good for five minutes. */
async function assertion({ clientId, keyId = '', privateKey = '' }: Client, url: URL, fields: URLSearchParams, now: number): Promise<string> {
  const key = createPrivateKey(privateKey);
  const scope = fields.get('scope');
  return new SignJWT(scope === null ? {} : { scope })
    .setProtectedHeader({ alg: key.asymmetricKeyType === 'ec' ? 'ES256' : 'PS256', kid: keyId, typ: 'JWT' })
    .setIssuer(clientId).setSubject(clientId).setAudience(url.href).setIssuedAt(Math.floor(now / 1_000)).setExpirationTime(Math.floor(now / 1_000) + 300)
    .sign(key);
}

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const renamed = (values: Readonly<Record<string, unknown>>, rename: (name: string) => string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]));

const form = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');

/** Where the token endpoint is: below the API's base, or at its own pinned address, whose path the stage's stand-in takes over. */
export function tokenAddress({ address }: TokenFlow, base: string, instead: string | undefined): URL | undefined {
  if (address.startsWith('/')) return addressBelow(base, address);
  return instead === undefined ? new URL(address) : addressBelow(instead, new URL(address).pathname);
}

/**
 * Asks for an access token.
 * @throws CredentialRefused (400, 401, 403 of the endpoint: `invalid_grant`, `invalid_client`), VendorUnreachable (anything that may pass)
 */
export async function askToken(
  account: Account, { flow, url, client }: { readonly flow: TokenFlow; readonly url: URL; readonly client: Client },
  { fetch, now, timeoutMs }: { readonly fetch: typeof globalThis.fetch; readonly now: number; readonly timeoutMs: number },
): Promise<Token> {
  const { clientId, clientSecret = '', refreshToken } = client;
  if (flow.grant === 'refresh_token' && refreshToken === undefined) throw new CredentialRefused(account);
  const own = typeof flow.fields === 'function' ? flow.fields(account) : flow.fields;
  const fields = new URLSearchParams({ grant_type: flow.grant, ...(flow.grant === 'refresh_token' ? { refresh_token: refreshToken ?? '' } : {}), ...own });
  const headers: Record<string, string> = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...flow.headers };
  // https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 : both are form-encoded before they are joined
  if (flow.client === 'basic') headers['authorization'] = `Basic ${Buffer.from(`${form(clientId)}:${form(clientSecret)}`).toString('base64')}`;
  else if (flow.client === 'fields') for (const [name, value] of [['client_id', clientId], ['client_secret', clientSecret]] as const) fields.set(name, value);
  else for (const [name, value] of [['client_assertion_type', assertionType], ['client_assertion', await assertion(client, url, fields, now)]] as const) fields.set(name, value);
  const sent = flow.camelCase ? new URLSearchParams([...fields].map(([name, value]): [string, string] => [camel(name), value])) : fields;
  let answer: Response;
  let body: string;
  try {
    answer = await fetch(url, { method: 'POST', headers, body: sent.toString(), redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    body = await answer.text();
  } catch (error) {
    throw new VendorUnreachable(account.source, `token-${error instanceof Error ? error.name : 'unknown'}`);
  }
  if ([400, 401, 403].includes(answer.status)) throw new CredentialRefused(account);
  if (!answer.ok) throw new VendorUnreachable(account.source, `token-http-${answer.status}`);
  try {
    const said = JSON.parse(body) as Readonly<Record<string, unknown>>;
    const token = z.parse(answered, flow.camelCase ? renamed(said, snake) : said);
    return { access: token.access_token, expiresAt: now + (token.expires_in ?? usualSeconds) * 1_000, refresh: token.refresh_token ?? refreshToken };
  } catch {
    throw new VendorUnreachable(account.source, 'token-unreadable');
  }
}

