import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { memoryIntake, noon, signed, type MemoryIntake } from '../testing/memory.ts';
import { take } from '../intake/take.ts';
import { webhookServer } from './server.ts';

let app: FastifyInstance;
let intake: MemoryIntake;
let ready = true;
let url: string;

beforeEach(async () => {
  intake = memoryIntake();
  ready = true;
  app = webhookServer({ take: (delivery) => take(delivery, intake), ready: () => ready, clock: () => noon, publicUrl: undefined, mostBytes: 1_000_000 });
  await app.listen({ port: 0, host: '127.0.0.1' });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});
afterEach(() => app.close());

const body = JSON.stringify({
  type: 'order.created', data: { order: { id: '1', placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total: 0, payment: { status: 'PAID' }, fulfilment: { status: 'UNFULFILLED' }, lines: [] } } });
const post = (path: string, delivery: ReturnType<typeof signed>, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, { method: 'POST', body: Buffer.from(delivery.body), headers: { ...(delivery.headers as Record<string, string>), ...headers } });

describe('webhook server', () => {
  it('hands on the very bytes, whatever their type says', async () => {
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'application/cloudevents+json']) {
      const answer = await post('/webhooks/canonical', signed('canonical', ` ${body}\n`, { 'webhook-id': 'm' }), { 'content-type': type });
      expect(answer.status).toBe(200);
    }
    expect(Buffer.from(intake.archived[0]?.body ?? []).toString('utf8')).toBe(` ${body}\n`);
  });

  it('takes the account from the address', async () => {
    const answer = await post('/webhooks/canonical/shop2', signed('canonical', body, { 'webhook-id': 'm' }, { account: 'shop2' }));
    expect(answer.status).toBe(200);
    expect(intake.events[0]?.partitionkey).toBe('canonical:shop2:1');
  });

  it('answers 413 over the limit, 404 for an unknown path, 401 without a signature', async () => {
    expect((await post('/webhooks/canonical', signed('canonical', 'x'.repeat(1_000_001)))).status).toBe(413);
    expect((await fetch(`${url}/elsewhere`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${url}/webhooks/canonical`, { method: 'POST', body })).status).toBe(401);
    expect((await fetch(`${url}/webhooks/canonical`, { method: 'POST' })).status).toBe(401);
  });

  it('says whether it lives and whether events can be made durable', async () => {
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    ready = false;
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('finishes what is under way when it closes', async () => {
    const started = Promise.withResolvers<undefined>();
    const release = Promise.withResolvers<undefined>();
    const put = async (): Promise<void> => {
      started.resolve(undefined);
      await release.promise;
    };
    intake = { ...intake, sink: { put } };
    const under = post('/webhooks/canonical', signed('canonical', body, { 'webhook-id': 'm' }));
    await started.promise;
    const closed = app.close();
    release.resolve(undefined);
    expect((await under).status).toBe(200);
    await closed;
  });

  it('keeps names from being guessed by header tricks', async () => {
    const status = await new Promise<number>((done) => {
      const sent = request(`${url}/webhooks/..%2f..%2fcanonical`, { method: 'POST' }, (answer) => done(answer.statusCode ?? 0));
      sent.end();
    });
    expect(status).toBe(404);
  });
});
