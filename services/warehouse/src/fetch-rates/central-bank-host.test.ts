import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { centralBank } from './deps.ts';
import { env } from './env.ts';

let server: Server;
let asked: string[] = [];
let answer: RequestListener = (_request, response) => response.end();
beforeAll(() => new Promise<void>((resolve) => {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  }).listen(0, '127.0.0.1', () => resolve());
}));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const ask = (limits?: { timeoutMs: number; mostBytes: number }): Promise<string> => {
  asked = [];
  return centralBank(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, limits)('eurofxref-hist-90d.xml');
};

describe('asking the central bank', () => {
  it('takes the document of that name', async () => {
    answer = (_request, response) => response.end('<é/>');
    expect(await ask()).toBe('<é/>');
    expect(asked).toEqual(['/stats/eurofxref/eurofxref-hist-90d.xml']);
  });

  it('goes where the bank is, unless a developer’s machine says otherwise', () => {
    const given = { WORKGROUP: 'w', DATABASE: 'd', FACTS_STREAM: 'f', STAGING_BUCKET: 's' };
    expect(env.parse(given).RATES_HOST).toBe('https://www.ecb.europa.eu');
    expect(() => env.parse({ ...given, RATES_HOST: 'file:///etc/passwd' })).toThrow();
  });

  it('takes no error for a document', async () => {
    answer = (_request, response) => response.writeHead(503).end('<Envelope/>');
    await expect(ask()).rejects.toThrow('eurofxref-hist-90d.xml: the European Central Bank answers 503');
  });

  it('follows nobody elsewhere', async () => {
    answer = (request, response) => (request.url === '/elsewhere' ? response.end('<Envelope/>') : response.writeHead(302, { location: '/elsewhere' }).end());
    await expect(ask()).rejects.toThrow();
    expect(asked).not.toContain('/elsewhere');
  });

  it('reads no more than the limit, unpacked', async () => {
    answer = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100_000, ' ')));
    await expect(ask({ timeoutMs: 5_000, mostBytes: 50_000 })).rejects.toThrow('larger than 50000 bytes');
    expect(await ask({ timeoutMs: 5_000, mostBytes: 100_000 })).toHaveLength(100_000);
  });

  it('does not wait for ever, nor for the rest of an answer', async () => {
    answer = (_request, response) => void response.write('<Envelope>');
    await expect(ask({ timeoutMs: 100, mostBytes: 1_000 })).rejects.toThrow(/timeout|aborted/);
  });
});
