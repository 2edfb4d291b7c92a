import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeModel } from '@orderflow/shared/model';
import { modelServer } from './server.ts';

let server: Server;
let base: string;
beforeAll(async () => {
  server = modelServer(new FakeModel()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

it('answers the ping', async () => {
  expect((await fetch(`${base}/ping`)).status).toBe(200);
});

it('predicts', async () => {
  const answer = await fetch(`${base}/invocations`, { method: 'POST', body: JSON.stringify({ instances: [{ text: 'Very bad' }] }) });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ predictions: [{ sentiment: { label: 'BAD' } }] });
});

it('says what it serves instead of guessing', async () => {
  expect((await fetch(`${base}/elsewhere`)).status).toBe(404);
  expect((await fetch(`${base}/invocations`, { method: 'POST', body: 'nonsense' })).status).toBe(400);
  expect((await fetch(`${base}/invocations`, { method: 'POST', body: Buffer.alloc(4_000_001) })).status).toBe(413);
});
