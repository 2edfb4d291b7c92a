import { gzipSync } from 'node:zlib';
import { answersContract } from '../testing/answers-contract.ts';
import { memoryIntake, noon, signed } from '../testing/memory.ts';
import { ask, post, testServer, type TestServer, type TestServerParts } from '../testing/server.ts';
import { findSource, sources } from '../sources/registry.ts';
import type { SourceDefinition } from '../sources/definition.ts';

let server: TestServer;
const start = async (parts: TestServerParts = {}): Promise<TestServer> => (server = await testServer(parts));
afterEach(() => server.close());

const body = JSON.stringify({
  type: 'order.created', data: { order: { id: '1', placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total: 0, payment: { status: 'PAID' }, fulfilment: { status: 'UNFULFILLED' }, lines: [] } } });
const delivery = (text: string | Uint8Array = body, id = 'm', options = {}) => signed('canonical', text, { 'webhook-id': id }, options);
const canonical = findSource('canonical') as SourceDefinition;

answersContract(async (sent, intake) => {
  const { port } = await start({ intake });
  const { status, headers, body: text } = await post(port, sent);
  return { status, headers: headers as Record<string, string>, body: text };
});

describe('webhook server', () => {
  it('hands on the very bytes, whatever their type says', async () => {
    const { port, intake } = await start();
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'application/cloudevents+json', 'no type at all; {']) {
      expect(await post(port, delivery(` ${body}\n`), { 'content-type': type })).toMatchObject({ status: 200 });
    }
    expect(intake.archived).toHaveLength(5);
    expect(Buffer.from(intake.archived[0]?.body ?? []).toString('utf8')).toBe(` ${body}\n`);
  });

  it('takes the account from the address', async () => {
    const { port, intake } = await start();
    expect(await post(port, delivery(body, 'm', { account: 'shop2' }))).toMatchObject({ status: 200 });
    expect(intake.events[0]?.partitionkey).toBe('canonical:shop2:1');
  });

  it.each([
    ['POST', '/elsewhere', 404, 'unknown-path'], ['POST', '/webhooks/myspace', 404, 'unknown-address'], ['POST', '/webhooks/canonical/nobody', 404, 'unknown-address'],
    ['POST', '/webhooks/file-drop', 404, 'unknown-address'], ['POST', '/webhooks/..%2f..%2fcanonical', 404, 'unknown-address'], ['POST', '/webhooks/__proto__', 404, 'unknown-address'],
    ['POST', '/webhooks/canonical/__proto__', 404, 'unknown-address'], ['POST', '/webhooks/%zz', 400, 'bad-request'], ['POST', `/webhooks/${'a'.repeat(200)}`, 404, 'unknown-path'],
    ['GET', '/webhooks/canonical', 405, 'method'], ['PUT', '/webhooks/canonical', 405, 'method'], ['DELETE', '/webhooks/canonical/shop2', 405, 'method'],
    ['OPTIONS', '/webhooks/canonical', 405, 'method'], ['GET', '/', 404, 'unknown-path'],
  ])('answers %s %s with %i %s', async (method, path, status, error) => {
    const { port } = await start();
    const answer = await ask(port, path, { method, ...(method === 'GET' || method === 'DELETE' || method === 'OPTIONS' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } }) });
    expect([answer.status, (JSON.parse(answer.body) as { error: string }).error]).toEqual([status, error]);
    if (status === 405) expect(answer.headers.allow).toBe('POST');
  });

  it('answers HEAD with 405 and no body', async () => {
    const { port } = await start();
    expect(await ask(port, '/webhooks/canonical', { method: 'HEAD' })).toMatchObject({ status: 405, body: '' });
  });

  it('answers 401 without a signature, body or not', async () => {
    const { port } = await start();
    expect((await ask(port, '/webhooks/canonical', { method: 'POST', body })).status).toBe(401);
    expect((await ask(port, '/webhooks/canonical', { method: 'POST' })).status).toBe(401);
  });

  it('says whether it lives and whether events can be made durable', async () => {
    let ready = true;
    const { port } = await start({ ready: async () => ready });
    expect([(await ask(port, '/healthz')).status, (await ask(port, '/readyz')).status]).toEqual([200, 200]);
    ready = false;
    expect(await ask(port, '/readyz')).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect((await ask(port, '/healthz')).status).toBe(200);
  });

  it('says no to the balancer while it stops, closes each connection after its answer, and still takes what comes', async () => {
    const { port } = await start();
    server.stopping = true;
    expect(await ask(port, '/healthz')).toMatchObject({ status: 503, headers: { connection: 'close' } });
    expect(await ask(port, '/readyz')).toMatchObject({ status: 503 });
    expect(await post(port, delivery())).toMatchObject({ status: 200, headers: { connection: 'close' } });
  });

  it('tells of an error that no rule covers, and answers 500', async () => {
    const { port } = await start({ take: () => Promise.reject(new TypeError('a bug')) });
    expect(await post(port, delivery())).toMatchObject({ status: 500 });
    expect(server.failed).toEqual([new TypeError('a bug')]);
  });
});

describe('gzip', () => {
  const zipped = (text: string) => ({ ...delivery(text), body: gzipSync(text) });

  it('is undone before the signature is checked: senders sign what they compressed', async () => {
    const { port, intake } = await start();
    expect(await post(port, zipped(body), { 'content-encoding': 'gzip' })).toMatchObject({ status: 200 });
    expect(intake.events).toHaveLength(1);
    expect(Buffer.from(intake.archived[0]?.body ?? []).toString('utf8')).toBe(body);
  });

  it('counts against the limit of its source once inflated', async () => {
    const { port } = await start({ sources: [{ ...canonical, mostBytes: 2_000 }] });
    expect(await post(port, zipped('x'.repeat(2_001)), { 'content-encoding': 'gzip' })).toMatchObject({ status: 413 });
    expect(server.refused).toEqual(['too-large']);
  });

  it('is 400 when it is none, and 415 with what is taken for other encodings', async () => {
    const { port } = await start();
    expect(await post(port, delivery(), { 'content-encoding': 'gzip' })).toMatchObject({ status: 400 });
    expect(await post(port, delivery(), { 'content-encoding': 'br' })).toMatchObject({ status: 415, headers: { 'accept-encoding': 'gzip, identity' } });
  });
});

describe('what a source expects', () => {
  const asking: SourceDefinition = {
    ...canonical, name: 'canonical', answer: { status: 202, body: '[accepted]', type: 'text/plain' }, challenge: { method: 'GET', from: { query: 'challenge' }, echo: 'plain' },
  };

  it('is answered: [accepted], and the word given back', async () => {
    const { port, intake } = await start({ sources: [asking] });
    expect(await post(port, delivery())).toMatchObject({ status: 202, body: '[accepted]', headers: { 'content-type': 'text/plain' } });
    expect(await ask(port, '/webhooks/canonical?challenge=word')).toMatchObject({ status: 200, body: 'word', headers: { 'x-content-type-options': 'nosniff' } });
    expect(await ask(port, '/webhooks/canonical/shop2?challenge=word')).toMatchObject({ status: 200, body: 'word' });
    expect(intake.archived).toHaveLength(1);
  });

  it('is an empty body where the definition says so', async () => {
    const { port } = await start();
    expect(await post(port, signed('shopify', '{}', { 'x-shopify-topic': 'shop/update' }))).toMatchObject({ status: 200, body: '' });
  });
});

describe('limits of sources', () => {
  it('are at most 10 MB, and hold for each alone', async () => {
    expect(sources.filter(({ mostBytes = 0 }) => mostBytes > 10_000_000)).toEqual([]);
    const stripe = findSource('stripe') as SourceDefinition;
    const { port } = await start({ sources: [{ ...canonical, mostBytes: 3_000_000 }, stripe] });
    expect(await post(port, delivery(' '.repeat(2_000_000) + body))).toMatchObject({ status: 200 });
    expect(await post(port, signed('stripe', ' '.repeat(2_000_000)))).toMatchObject({ status: 413 });
  });

  it('turn away the account that floods, before its body is read, with the time after which it may come again', async () => {
    const clock = { now: noon };
    const { port } = await start({ perSecond: 2, intake: memoryIntake({ clock: () => clock.now }) });
    const many = await Promise.all(Array.from({ length: 10 }, (_, n) => post(port, delivery(body, `m${n}`))));
    expect(many.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(many.find(({ status }) => status === 429)?.headers).toMatchObject({ 'retry-after': '1' });
    expect((await post(port, delivery(body, 'm', { account: 'shop2' }))).status).toBe(200);
    clock.now += 1_000;
    expect([(await post(port, delivery(body, 'a'))).status, (await post(port, delivery(body, 'b'))).status, (await post(port, delivery(body, 'c'))).status]).toEqual([200, 200, 429]);
  });

  it('are not used up by forgeries', async () => {
    const { port } = await start({ perSecond: 2 });
    for (let n = 0; n < 20; n++) expect((await post(port, delivery(body, 'm', { secret: 'wrong' }))).status).toBe(401);
    expect((await post(port, delivery())).status).toBe(200);
  });

  it('turn away the address that forges, not the account that it is after', async () => {
    const { port } = await start({ behindBalancer: true });
    const from = (address: string, secret?: string) => post(port, delivery(body, 'm', secret === undefined ? {} : { secret }), { 'x-forwarded-for': `1.1.1.1, ${address}` });
    const forged = [];
    for (let n = 0; n < 210; n++) forged.push((await from('9.9.9.9', 'wrong')).status);
    expect([forged.filter((status) => status === 401).length, forged.at(-1)]).toEqual([200, 429]);
    expect((await from('8.8.8.8')).status).toBe(200);
    expect((await from('9.9.9.9')).status).toBe(429);
  });
});
