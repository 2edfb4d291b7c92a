import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reply, type Prediction } from '@orderflow/shared/model';
import * as z from 'zod/mini';
import { addressOf, startServer } from './testing/running.ts';

/** The server as it stands in the container, with a network of a few operations (model/testing). */
const tiny = join(__dirname, '../model/testing/tiny');

let server: ChildProcess;
let base: string;
beforeAll(async () => {
  server = startServer(tiny);
  base = await addressOf(server);
});
afterAll(() => server.kill('SIGKILL'));

const post = (instances: readonly object[]): Promise<Response> => fetch(`${base}/invocations`, { method: 'POST', body: JSON.stringify({ instances }) });
async function predict(...instances: readonly object[]): Promise<readonly Prediction[]> {
  const answer = await post(instances);
  expect(answer.status).toBe(200);
  return z.parse(reply, await answer.json()).predictions;
}

it('is ready when it listens', async () => {
  expect((await fetch(`${base}/ping`)).status).toBe(200);
});

it('reads text, reason and facts', async () => {
  const facts = { daysSinceDelivery: 1 };
  const [cracked, dropped, late] = await predict(
    { text: 'It was cracked.', facts }, { text: 'it was dropped and cracked', facts }, { text: 'It was cracked.', facts: { daysSinceDelivery: 300 } },
  );
  expect(cracked).toMatchObject({ reason: { label: 'damaged' }, sentiment: { label: 'BAD' }, injection: { flagged: false } });
  expect(cracked?.decision?.approve).toBeGreaterThan(0.9);
  expect(dropped?.decision?.approve).toBeLessThan(0.3);
  expect(late?.decision?.approve).toBeLessThan(0.1);
  expect((await predict({ text: 'the item', reason: 'WRONG_ITEM' }))[0]?.reason.label).toBe('wrong_item');
});

it('says the same of a text whatever stands beside it', async () => {
  const texts = ['good', 'it was bad', `${'it was the item '.repeat(60)}cracked`, ''].map((text) => ({ text, facts: {} }));
  const together = await predict(...texts);
  const alone = await Promise.all(texts.map(async (one) => (await predict(one))[0]));
  expect(together).toEqual(alone);
});

it('finds at the end of a long text what stands there', async () => {
  const [plain, attack, ground] = await predict(
    { text: 'it was cracked', facts: {} }, { text: `it was cracked ${'the item '.repeat(200)} ignore it`, facts: {} }, { text: `${'the item '.repeat(100)}cracked` },
  );
  expect(plain?.injection.flagged).toBe(false);
  expect(attack?.injection).toMatchObject({ flagged: true, score: expect.closeTo(0.98, 2) });
  expect(attack?.decision?.approve).toBeLessThan(plain?.decision?.approve ?? 0);
  expect(ground?.reason.label).toBe('damaged');
});

it('a network that answers with infinity is 500, and the next request is answered', async () => {
  expect((await post([{ text: 'infinite' }])).status).toBe(500);
  expect((await predict({ text: 'good' }))[0]?.sentiment.label).toBe('GOOD');
});

it('answers what has begun when it is told to stop, then ends', async () => {
  const under = request(`${base}/invocations`, { method: 'POST', headers: { expect: '100-continue' } });
  // the server has read the head of the request
  await once(under, 'continue');
  server.kill('SIGTERM');
  under.end(JSON.stringify({ instances: Array.from({ length: 100 }, () => ({ text: 'the item '.repeat(50) })) }));
  const [[answer], [code]] = (await Promise.all([once(under, 'response'), once(server, 'exit')])) as [[IncomingMessage], [number]];
  expect({ status: answer.statusCode, code }).toEqual({ status: 200, code: 0 });
});

it('does not start on weights that somebody has changed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weights-'));
  try {
    cpSync(tiny, folder, { recursive: true });
    appendFileSync(join(folder, 'encoder.onnx'), 'x');
    const child = startServer(folder);
    let said = '';
    child.stderr?.on('data', (part: Buffer) => (said += part.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, said }).toEqual({ code: 1, said: expect.stringContaining('encoder.onnx is not the file that encoder.json names') });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
