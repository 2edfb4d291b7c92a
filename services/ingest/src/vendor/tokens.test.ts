import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { parseAccounts } from '@orderflow/shared/accounts';
import { localKeyPair } from '../accounts/local-key-pair.ts';
import { tokenStoreContract } from '../testing/token-store-contract.ts';
import { memoryTokens } from '../testing/memory-tokens.ts';
import { noon } from '../testing/memory.ts';
import { CredentialRefused } from './access.ts';
import { VendorUnreachable } from './port.ts';
import { accessTokens, type Tokens } from './tokens.ts';
import type { SourceApi, TokenFlow } from '../sources/api.ts';

const [account] = parseAccounts([{ source: 'orders', account: 'default', role: 'sells' }]);
if (!account) throw new Error('no account');
const rotating: TokenFlow = { grant: 'refresh_token', address: 'https://login.example/token', client: 'fields', rotates: true };
const apiWith = (token?: TokenFlow): SourceApi => ({ host: 'https://api.orders.example', authorise: (shown) => ({ authorization: shown }), toEvents: () => [], ...(token && { token }) });
const credential = JSON.stringify({ clientId: 'id', clientSecret: 'sec/ret', refreshToken: 'r0' });

/** A token endpoint whose refresh tokens are good once; `status` fails it. */
function world(changes: Partial<Tokens> = {}) {
  const time = { now: noon };
  const clock = (): number => time.now;
  const endpoint = { refresh: 'r0', calls: [] as { url: string; headers: Record<string, string>; fields: Record<string, string> }[], status: 200, seconds: 3_600 as number | string };
  const fetch = (async (url: URL, init: { headers: Record<string, string>; body: string }) => {
    const fields = Object.fromEntries(new URLSearchParams(init.body));
    endpoint.calls.push({ url: url.href, headers: init.headers, fields });
    await new Promise((soon) => setImmediate(soon));
    if (endpoint.status !== 200) return new Response('{}', { status: endpoint.status });
    if (fields['grant_type'] === 'refresh_token' && fields['refresh_token'] !== endpoint.refresh) return new Response('{"error":"invalid_grant"}', { status: 400 });
    endpoint.refresh = `r${endpoint.calls.length}`;
    return new Response(JSON.stringify({ access_token: `a${endpoint.calls.length}`, expires_in: endpoint.seconds, refresh_token: endpoint.refresh }));
  }) as unknown as typeof globalThis.fetch;
  const store = memoryTokens(clock);
  let text = credential;
  let ids = 0;
  const parts: Tokens = {
    fetch, clock, store, hosts: {}, newId: () => `owner-${ids++}`, pauseMs: 1, credentials: { of: async () => text, anew: async () => text }, ...changes,
  };
  return { time, endpoint, store, process: () => accessTokens(parts), reauthorise: (next: string) => void (text = next) };
}

tokenStoreContract('tokens in memory', memoryTokens);

describe('access tokens', () => {
  it('are got once by however many ask at a time, in one process and in several', async () => {
    const { process, endpoint } = world();
    const [one, two] = [process(), process()];
    const all = (await Promise.all([one, one, two, two].map((access) => access.of(account, apiWith(rotating))))).map(({ text, clientId }) => `${text} ${clientId}`);
    expect([all, endpoint.calls.length]).toEqual([Array(4).fill('a1 id'), 1]);
    expect(endpoint.calls[0]).toMatchObject({ url: 'https://login.example/token', fields: { grant_type: 'refresh_token', refresh_token: 'r0', client_id: 'id', client_secret: 'sec/ret' } });
  });

  it('are renewed before they end, with the refresh token that came last, whoever got it', async () => {
    const { process, endpoint, time } = world();
    expect((await process().of(account, apiWith(rotating))).text).toBe('a1');
    time.now += 3_595_000;
    expect((await process().of(account, apiWith(rotating))).text).toBe('a2');
    expect(endpoint.calls.map(({ fields }) => fields['refresh_token'])).toEqual(['r0', 'r1']);
  });

  it('that are refused are replaced once, and not again and again', async () => {
    const { process, endpoint, time } = world();
    const access = process();
    await access.of(account, apiWith(rotating));
    expect(await access.anew(account, apiWith(rotating), 'a1')).toBeUndefined(); // got a moment ago
    time.now += 31_000;
    expect((await Promise.all([access.anew(account, apiWith(rotating), 'a1'), access.anew(account, apiWith(rotating), 'a1')])).map((one) => one?.text)).toEqual(['a2', 'a2']);
    expect((await access.anew(account, apiWith(rotating), 'a1'))?.text).toBe('a2');
    expect(endpoint.calls).toHaveLength(2);
  });

  it('of a client prove it by Basic, each part form-encoded, with the vendor’s own fields', async () => {
    const { process, endpoint } = world();
    endpoint.seconds = '60'; // as text, by some
    const flow: TokenFlow = { grant: 'client_credentials', address: '/auth/token', client: 'basic', fields: { scope: 'orders' }, headers: { 'x-version': '1' } };
    expect((await process().of(account, apiWith(flow))).text).toBe('a1');
    expect(endpoint.calls[0]).toMatchObject({
      url: 'https://api.orders.example/auth/token', fields: { grant_type: 'client_credentials', scope: 'orders' },
      headers: { authorization: `Basic ${Buffer.from('id:sec%2Fret').toString('base64')}`, 'x-version': '1' },
    });
    expect(endpoint.calls[0]?.fields).not.toHaveProperty('client_secret');
  });

  it('of a client without a secret prove it by a JWT that its private key signs, for this endpoint and five minutes', async () => {
    const { process, endpoint, reauthorise } = world();
    reauthorise(JSON.stringify({ clientId: 'id', keyId: 'k1', privateKey: localKeyPair.privateKey }));
    const flow: TokenFlow = { grant: 'client_credentials', address: '/auth/token', client: 'assertion', fields: { scope: 'rest_webservices' } };
    expect((await process().of(account, apiWith(flow))).text).toBe('a1');
    const { client_assertion = '', ...fields } = endpoint.calls[0]?.fields ?? {};
    expect(fields).toEqual({ grant_type: 'client_credentials', scope: 'rest_webservices', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' });
    const { payload, protectedHeader } = await jwtVerify(client_assertion, createPublicKey(localKeyPair.publicKey), { algorithms: ['PS256'], audience: 'https://api.orders.example/auth/token', issuer: 'id', currentDate: new Date(noon) });
    expect([protectedHeader, payload['scope'], Number(payload.exp) - noon / 1_000]).toEqual([{ alg: 'PS256', kid: 'k1', typ: 'JWT' }, 'rest_webservices', 300]);
  });

  it('are asked for with the account’s own fields, and in the vendor’s way of writing', async () => {
    const { process, endpoint } = world({
      fetch: (async (url: URL, init: { body: string }) => {
        endpoint.calls.push({ url: url.href, headers: {}, fields: Object.fromEntries(new URLSearchParams(init.body)) });
        return new Response('{"accessToken":"camel","expiresIn":60}');
      }) as unknown as typeof globalThis.fetch,
    });
    const flow: TokenFlow = { grant: 'client_credentials', address: '/token', client: 'fields', camelCase: true, fields: ({ account: name }) => ({ scope: `tenant:${name}` }) };
    expect((await process().of(account, apiWith(flow))).text).toBe('camel');
    expect(endpoint.calls[0]?.fields).toEqual({ grantType: 'client_credentials', scope: 'tenant:default', clientId: 'id', clientSecret: 'sec/ret' });
  });

  it('are asked of the stage’s stand-in, wherever the vendor’s endpoint is', async () => {
    const { process, endpoint } = world({ hosts: { orders: 'http://127.0.0.1:4000/orders' } });
    await process().of(account, apiWith(rotating));
    expect(endpoint.calls[0]?.url).toBe('http://127.0.0.1:4000/orders/token');
  });

  it('start over when the owner has authorised anew', async () => {
    const { process, endpoint, reauthorise } = world();
    await process().of(account, apiWith(rotating));
    endpoint.refresh = 'fresh';
    reauthorise(JSON.stringify({ clientId: 'id', clientSecret: 'x', refreshToken: 'fresh' }));
    expect((await process().of(account, apiWith(rotating))).text).toBe('a2');
  });

  it.each([[400], [401], [403]])('that are refused for good (%s) want a person', async (status) => {
    const { process, endpoint } = world();
    endpoint.status = status;
    await expect(process().of(account, apiWith(rotating))).rejects.toThrow(CredentialRefused);
  });

  it.each([[500], [429]])('are asked for again later when the endpoint answers %s, and no lease is left behind', async (status) => {
    const { process, endpoint, store } = world();
    endpoint.status = status;
    await expect(process().of(account, apiWith(rotating))).rejects.toThrow(VendorUnreachable);
    expect(await store.lock(account, 'next', 1_000)).toBe(true);
  });

  it('wait for whoever is getting one, and go on when he died', async () => {
    const { process, store, time } = world();
    await store.lock(account, 'dead', 30_000);
    const waiting = process().of(account, apiWith(rotating));
    setImmediate(() => void (time.now += 31_000));
    expect((await waiting).text).toBe('a1');
  });

  it('need a credential that can be read, and never quote it', async () => {
    const { process, reauthorise } = world();
    reauthorise('not-json-secret');
    await expect(process().of(account, apiWith(rotating))).rejects.toThrow(/^the credential of orders:default must be a JSON object/);
    reauthorise(JSON.stringify({ clientId: 'id', clientSecret: 'x' }));
    await expect(process().of(account, apiWith(rotating))).rejects.toThrow(CredentialRefused);
  });

  it('are not got where the vendor takes the credential itself', async () => {
    const { process, endpoint } = world();
    expect([await process().of(account, apiWith()), await process().anew(account, apiWith(), 'x'), endpoint.calls.length]).toEqual([{ text: credential }, { text: credential }, 0]);
  });
});
