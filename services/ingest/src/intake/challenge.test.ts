import { createHash, createHmac } from 'node:crypto';
import { localSecret } from '../accounts/local-secrets.ts';
import type { Challenge, SourceDefinition } from '../sources/definition.ts';
import { findSource } from '../sources/registry.ts';
import { memoryIntake, signed } from '../testing/memory.ts';
import { challengeAnswer } from './challenge.ts';
import type { Delivery } from './delivery.ts';
import { take } from './take.ts';

const canonical = findSource('canonical') as SourceDefinition;
const asking = (challenge: Challenge): SourceDefinition => ({ ...canonical, challenge });
const request = (more: Partial<Delivery>): Delivery => ({ ...signed('canonical', ''), headers: {}, ...more });
const url = 'https://hooks.example/webhooks/canonical';

describe('challengeAnswer', () => {
  it.each<[string, Challenge, Partial<Delivery>, object]>([
    ['a query, as text', { method: 'GET', from: { query: 'hub.challenge' }, echo: 'plain' }, { method: 'GET', url: `${url}?hub.mode=subscribe&hub.challenge=a%2Bb` }, { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'a+b' }],
    ['a header, in a header', { method: 'POST', from: { header: 'x-hook-secret' }, echo: { header: 'x-hook-secret' } }, { headers: { 'x-hook-secret': 'abc' } }, { headers: { 'x-hook-secret': 'abc' }, body: '' }],
    ['a field, in a field', { method: 'POST', from: { field: 'challenge' }, echo: { field: 'challenge' } }, { body: Buffer.from('{"challenge":"abc"}') }, { headers: { 'content-type': 'application/json' }, body: '{"challenge":"abc"}' }],
  ])('gives back %s', (_, challenge, more, answer) => {
    expect(challengeAnswer(asking(challenge), request(more))).toMatchObject({ status: 200, ...answer });
  });

  it.each<[string, Challenge, Partial<Delivery>]>([
    ['another method', { method: 'GET', from: { query: 'c' }, echo: 'plain' }, { url: `${url}?c=1` }],
    ['no word', { method: 'GET', from: { query: 'c' }, echo: 'plain' }, { method: 'GET' }],
    ['markup', { method: 'GET', from: { query: 'c' }, echo: 'plain' }, { method: 'GET', url: `${url}?c=<script>` }],
    ['a line end', { method: 'GET', from: { query: 'c' }, echo: { header: 'c' } }, { method: 'GET', url: `${url}?c=a%0D%0Ab` }],
    ['more than a word', { method: 'GET', from: { query: 'c' }, echo: 'plain' }, { method: 'GET', url: `${url}?c=${'a'.repeat(1_025)}` }],
    ['a field deeper down', { method: 'POST', from: { field: 'challenge' }, echo: 'plain' }, { body: Buffer.from('{"a":{"challenge":"abc"}}') }],
    ['a field that is no text', { method: 'POST', from: { field: 'challenge' }, echo: 'plain' }, { body: Buffer.from('{"challenge":{}}') }],
    ['no JSON', { method: 'POST', from: { field: 'challenge' }, echo: 'plain' }, { body: Buffer.from('"challenge') }],
  ])('says nothing to %s', (_, challenge, more) => {
    expect(challengeAnswer(asking(challenge), request(more))).toBeUndefined();
  });
});

describe('take of a source that asks and wants a certain answer', () => {
  const source: SourceDefinition = { ...canonical, challenge: { method: 'POST', from: { field: 'challenge' }, echo: 'plain' }, answer: { status: 200, body: '[accepted]', type: 'text/plain' } };
  const intake = () => memoryIntake({ sourceNamed: (name) => (name === 'canonical' ? source : undefined) });

  it('needs no event and no signature for the challenge', async () => {
    const deps = intake();
    expect(await take(request({ body: Buffer.from('{"challenge":"abc"}') }), deps)).toMatchObject({ status: 200, body: 'abc' });
    expect([deps.events, deps.archived, deps.quarantined]).toEqual([[], [], []]);
  });

  it('answers [accepted] to what is durable, and 401 as ever', async () => {
    const deps = intake();
    const body = JSON.stringify({ type: 'order.updated', data: { update: { orderId: '1', occurredAt: '2026-11-22T11:00:00Z' } } });
    expect(await take(signed('canonical', body, { 'webhook-id': 'm' }), deps)).toEqual({ status: 200, headers: { 'content-type': 'text/plain' }, body: '[accepted]' });
    expect(deps.events).toHaveLength(1);
    expect(await take(signed('canonical', body, { 'webhook-id': 'm' }, { secret: 'no' }), deps)).toMatchObject({ status: 401 });
  });
});

it('answers with a digest of the word, the secret and the address, for eBay alone to check', async () => {
  const challenge: Challenge = { method: 'GET', from: { query: 'challenge_code' }, echo: { field: 'challengeResponse', digest: 'sha256' } };
  const deps = { ...memoryIntake(), sourceNamed: () => asking(challenge) };
  const answer = await take(request({ method: 'GET', url: `${url}?challenge_code=abc` }), deps);
  const expected = createHash('sha256').update(`abc${localSecret('canonical', 'default')}${url}`).digest('hex');
  expect(answer).toMatchObject({ status: 200, body: JSON.stringify({ challengeResponse: expected }) });
  const down = { ...deps, secrets: { of: () => Promise.reject(new Error('throttled')), anew: async () => undefined } };
  expect((await take(request({ method: 'GET', url: `${url}?challenge_code=abc` }), down)).status).toBe(503);
});

it('signs a word for Braintree, and nothing that could be taken for one of its messages', async () => {
  const ask = (word: string) => take({ ...request({ method: 'GET', url: `https://hooks.example/webhooks/braintree?bt_challenge=${encodeURIComponent(word)}` }), source: 'braintree', body: Buffer.alloc(0) }, memoryIntake());
  const word = 'e5f8a0b1c2d3e4f5a6b7';
  const secret = localSecret('braintree', 'default');
  const [publicKey, privateKey = ''] = secret.includes(':') ? secret.split(':') : ['', secret];
  const digest = createHmac('sha1', createHash('sha1').update(privateKey).digest()).update(word).digest('hex');
  expect(await ask(word)).toMatchObject({ status: 200, body: `${publicKey}|${digest}` });
  for (const forged of [Buffer.from('<a>paid</a>').toString('base64'), 'abc', `${word}=`, word.toUpperCase()]) expect((await ask(forged)).status).toBe(401);
});
