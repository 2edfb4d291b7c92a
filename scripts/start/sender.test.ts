import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Delivery } from '../demo/delivery.ts';
import type { Answer } from './ledger.ts';
import { send, type SenderOptions } from './sender.ts';

let server: Server;
let seen: { path: string; headers: IncomingMessage['headers']; body: string }[];
let statuses: number[];
beforeEach(async () => {
  seen = [];
  statuses = [];
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      seen.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString() });
      response.statusCode = statuses.shift() ?? 202;
      response.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(() => new Promise((done) => server.close(done)));

const delivery = (n: number, over: Partial<Delivery> = {}): Delivery =>
  ({ n, kind: 'event', source: 'canonical', account: 'default', id: `d${n}`, headers: { 'webhook-id': `d${n}` }, body: `{"n":${n}}`, says: [], ids: [], ...over });
const go = async (deliveries: readonly Delivery[], over: Partial<SenderOptions> = {}): Promise<Answer[]> => {
  const answers: Answer[] = [];
  await send([{ deliveries, sale: undefined, ending: undefined }], {
    port: (server.address() as AddressInfo).port, rate: undefined, now: Date.now, signal: new AbortController().signal,
    answered: () => false, onAnswer: (answer) => answers.push(answer), ...over,
  });
  return answers.sort((a, b) => a.n - b.n);
};

describe('sender', () => {
  it('posts to the address of source and account, signed', async () => {
    await go([delivery(0), delivery(1, { source: 'shopify', account: 'outlet' })]);
    expect(seen.map(({ path }) => path).sort()).toEqual(['/webhooks/canonical', '/webhooks/shopify/outlet']);
    expect(seen.find(({ path }) => path.includes('canonical'))?.headers).toMatchObject({ 'webhook-id': 'd0', 'webhook-signature': expect.stringMatching(/^v1,/) });
    expect(seen.find(({ path }) => path.includes('shopify'))?.headers).toMatchObject({ 'x-shopify-hmac-sha256': expect.any(String) });
  });

  it('sends again what was answered 503, and writes down the last answer', async () => {
    statuses = [503, 202];
    expect(await go([delivery(0)])).toMatchObject([{ n: 0, status: 202 }]);
    expect(seen.map(({ body }) => body)).toEqual(['{"n":0}', '{"n":0}']);
  });

  it('takes a refusal for an answer', async () => {
    statuses = [401];
    expect(await go([delivery(0)])).toMatchObject([{ status: 401 }]);
  });

  it('leaves out what has its answer already', async () => {
    expect(await go([delivery(0), delivery(1)], { answered: (n) => n === 0 })).toMatchObject([{ n: 1 }]);
    expect(seen).toHaveLength(1);
  });

  it('puts what nobody tells of into the vendor’s store, and sends nothing', async () => {
    statuses = [503, 200];
    const untold = delivery(0, { kind: 'untold', source: 'squarespace', body: '', fetches: { id: 'o/1', version: 2, body: '{"id":"o/1"}', says: [] } });
    expect(await go([untold], { vendors: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })).toMatchObject([{ n: 0, status: 200 }]);
    expect(seen.map(({ path, body }) => [path, body])).toEqual(Array(2).fill(['/control/items/squarespace/default/o%2F1?version=2', '{"id":"o/1"}']));
  });

  it('gives up at once when the run is aborted', async () => {
    const quit = new AbortController();
    statuses = Array.from({ length: 50 }, () => 503);
    setTimeout(() => quit.abort(), 50);
    expect(await go([delivery(0)], { signal: quit.signal })).toEqual([]);
  });
});
