import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { parseAccounts } from '@orderflow/shared/accounts';
import type { CredentialsPort } from '../intake/ports.ts';
import { NoSuchSecret } from '../intake/secret-text.ts';
import { memoryVendor, type Said } from '../testing/memory-vendor.ts';
import { noon } from '../testing/memory.ts';
import { vendorContract } from '../testing/vendor-contract.ts';
import { plainAccess } from './access.ts';
import { httpVendor, type HttpVendor } from './call.ts';
import { vendorHosts } from './hosts.ts';
import { VendorUnreachable } from './port.ts';

const accounts = parseAccounts([{ source: 'orders', account: 'default', role: 'sells' }]);
const api = {
  host: 'https://api.orders.example',
  authorise: (credential: string) => ({ authorization: `Bearer ${credential}` }),
  headers: { 'x-version': '1' },
  toEvents: () => [],
};

let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: IncomingMessage[];
const base = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** A credential that is another each time it is read anew; undefined: there is none. */
const credentials = (...values: (string | undefined)[]): CredentialsPort & { read: number } => ({
  read: 0,
  async of() {
    const value = values[Math.min(this.read, values.length - 1)];
    if (value === undefined) throw new NoSuchSecret('orderflow/test/apis/orders/default');
    return value;
  },
  async anew() {
    return values[Math.min(++this.read, values.length - 1)];
  },
});

const vendorOf = (more: Partial<HttpVendor> = {}) =>
  httpVendor({
    fetch, accounts, access: plainAccess(credentials('key')), hosts: { orders: `${base()}/stand-in` }, clock: () => noon, apiOf: () => api, ...more,
  });

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

vendorContract('a vendor in memory', async () => {
  const vendor = memoryVendor(() => noon);
  return { vendor, say: vendor.say };
});

vendorContract('a vendor over HTTP', async () => {
  const sayings = new Map<string, Said>();
  answer = (request, response) => {
    const said = sayings.get(request.url ?? '') ?? { status: 404 };
    if (said === 'reset') return void request.socket.resetAndDestroy();
    response.writeHead(said.status ?? 200, said.headers).end(said.body);
  };
  return { vendor: vendorOf(), say: (path, said) => void sayings.set(`/stand-in${path}`, said) };
});

describe('a call over HTTP', () => {
  const get = (vendor = vendorOf()) => vendor.get('orders', 'default', '/v1/orders');

  it('says who asks, below the base of the stage', async () => {
    answer = (_request, response) => response.end('{}');
    await get();
    expect(asked[0]?.url).toBe('/stand-in/v1/orders');
    expect(asked[0]?.headers).toMatchObject({
      authorization: 'Bearer key', 'x-version': '1', accept: 'application/json', 'user-agent': expect.stringMatching(/^Orderflow\/1\.0 \(.+\)$/) as string,
    });
  });

  it('signs the address where the vendor wants it there, by the time of the call', async () => {
    answer = (_request, response) => response.end('{}');
    const signing = { ...api, authorise: () => ({}), address: (path: string, credential: string, now: number) => `${path}?sign=${credential}-${now}` };
    await get(vendorOf({ apiOf: () => signing }));
    expect(asked[0]?.url).toBe(`/stand-in/v1/orders?sign=key-${noon}`);
    expect(await get(vendorOf({ apiOf: () => ({ ...signing, address: () => '//elsewhere.example/' }) }))).toEqual({ status: 'refused', code: 'address' });
    expect(asked).toHaveLength(1);
  });

  it('asks the pinned host where the stage names no other', async () => {
    const urls: string[] = [];
    await get(vendorOf({ hosts: {}, fetch: async (url) => { urls.push((url as URL).href); return new Response('{}'); } }));
    expect(urls).toEqual(['https://api.orders.example/v1/orders']);
  });

  it('follows no redirect', async () => {
    answer = (_request, response) => response.writeHead(307, { location: `${base()}/elsewhere` }).end();
    expect(await get()).toEqual({ status: 'refused', code: 'redirect' });
    expect(asked).toHaveLength(1);
  });

  it.each([['plain', {}, Buffer.alloc(2_000)], ['inflated', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(2_000_000))]])(
    'takes no answer that is too large (%s)', async (_, headers, body) => {
      answer = (_request, response) => response.writeHead(200, headers).end(body);
      expect(await get(vendorOf({ mostBytes: 1_999 }))).toEqual({ status: 'refused', code: 'too-large' });
    },
  );

  it.each([
    ['says nothing', () => {}],
    ['never ends', (response: ServerResponse) => void response.writeHead(200).write('{')],
  ])('gives up a vendor that %s', async (_, act) => {
    answer = (_request, response) => act(response);
    await expect(get(vendorOf({ timeoutMs: 50 }))).rejects.toThrow(/the API of orders gave no usable answer \(TimeoutError\); ask again later/);
  });

  it('says why a call failed', async () => {
    answer = (request) => void request.socket.resetAndDestroy();
    await expect(get()).rejects.toThrow('(ECONNRESET)');
    answer = (_request, response) => response.writeHead(502).end();
    await expect(get()).rejects.toThrow('(http-502)');
    answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip');
    await expect(get()).rejects.toBeInstanceOf(VendorUnreachable);
  });

  it('reads a refused credential anew, once', async () => {
    answer = ({ headers }, response) => response.writeHead(headers.authorization === 'Bearer new' ? 200 : 401).end('{}');
    const rotated = credentials('old', 'new');
    expect(await get(vendorOf({ access: plainAccess(rotated) }))).toMatchObject({ status: 'ok' });
    const wrong = credentials('old', 'older', 'new');
    expect(await get(vendorOf({ access: plainAccess(wrong) }))).toEqual({ status: 'refused', code: 'credential' });
    expect(wrong.read).toBe(1);
  });

  it('does not ask twice with the same credential, nor without one', async () => {
    answer = (_request, response) => response.writeHead(403).end();
    expect(await get()).toEqual({ status: 'refused', code: 'credential' });
    expect(asked).toHaveLength(1);
    expect(await get(vendorOf({ access: plainAccess(credentials(undefined)) }))).toEqual({ status: 'refused', code: 'credential' });
    expect(asked).toHaveLength(1);
  });

  it('says what keeps it from reading the credential', async () => {
    const down: CredentialsPort = { of: async () => { throw new Error('throttled'); }, anew: async () => undefined };
    await expect(get(vendorOf({ access: plainAccess(down) }))).rejects.toThrow('throttled');
  });

  it('asks for configured accounts of sources with an API only', async () => {
    await expect(vendorOf().get('orders', 'other', '/v1')).rejects.toThrow('orders:other has no API');
    await expect(vendorOf({ apiOf: () => undefined }).get('orders', 'default', '/v1')).rejects.toThrow('orders:default has no API');
  });
});

describe('VENDOR_HOSTS', () => {
  it.each([
    [undefined, {}],
    ['{"orders":"http://127.0.0.1:4000/orders","b":"https://sandbox.example"}', { orders: 'http://127.0.0.1:4000/orders', b: 'https://sandbox.example' }],
  ])('reads %j', (text, hosts) => expect(z.parse(vendorHosts, text)).toEqual(hosts));
  it.each(['{"orders":"http://elsewhere.example"}', '{"orders":"nonsense"}', '[]', '{'])('refuses %s', (text) => {
    expect(z.safeParse(vendorHosts, text).success).toBe(false);
  });
});
