import fc from 'fast-check';
import { localSecret } from '../accounts/local-secrets.ts';
import { sources } from '../sources/registry.ts';
import { proven, verify, type HttpVerify, type Signature, type Signed } from './index.ts';

const base: Signature = { algorithm: 'sha256', key: { decode: 'text' }, message: ['body'], header: 'signature', parser: { form: 'plain' }, encoding: 'hex' };
const item = { header: { json: 'meta.hmac' }, message: [{ json: 'id' }, { literal: ':' }, { json: 'amount.value' }] } as const;
const schemes: Readonly<Record<string, HttpVerify>> = {
  'a prefix before the signature': { ...base, parser: { form: 'plain', prefix: 'sha256=' } },
  'method, target, time and digest of the body': { ...base, encoding: 'base64', message: ['method', { literal: '\n' }, 'target', { literal: '\n' }, 'timestamp', { literal: '\n' }, { digestOfBody: 'sha256' }], freshness: { from: { header: 'x-time' }, unit: 'milliseconds', toleranceSeconds: 300 } },
  'query and path': { ...base, message: [{ query: 'id' }, 'path', 'body'] },
  'a time first': { ...base, parser: { form: 'timeFirst', separator: ',' }, message: ['timestamp', { literal: '.' }, 'body'], freshness: { from: 'pair', unit: 'milliseconds', toleranceSeconds: 300 } },
  'pairs without a time': { ...base, parser: { form: 'pairs', separator: ', ', signature: 'signature' } },
  'a time in the body': { ...base, message: ['body', { json: 'timestamp' }], freshness: { from: { json: 'timestamp' }, unit: 'iso', toleranceSeconds: 300 } },
  'items one by one': { ...base, ...item, each: { list: 'items', item: 'it' } },
  'a shared password': { shared: 'basic' },
  'a shared secret in a header': { shared: { header: 'x-auth', prefix: 'Token ' } },
};
const noon = Date.UTC(2026, 10, 22, 12);
const request = (amount: number): Signed => ({
  method: 'POST', url: 'https://hooks.example/webhooks/x?id=7&x=%20y', headers: {}, body: Buffer.from(JSON.stringify({ timestamp: '', items: [{ it: { id: 'a', amount: { value: amount } } }, { it: { id: 'b', amount: { value: 1 } } }] })),
});

describe.each(Object.entries(schemes))('%s', (_, scheme) => {
  it('takes what was proven, under any of the valid secrets', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() === text), fc.nat(), (secret, amount) => {
      expect(verify(scheme, ['other', secret], proven(scheme, secret, request(amount), noon), noon)).toBe('genuine');
    }), { numRuns: 30 });
  });

  it('refuses another secret, no proof at all, and none that is valid', () => {
    const genuine = proven(scheme, 'secret', request(5), noon);
    expect(verify(scheme, ['Secret'], genuine, noon)).toBe('wrong');
    expect(verify(scheme, [], genuine, noon)).toBe('wrong');
    expect(verify(scheme, ['secret'], request(5), noon)).toBe('missing');
  });

  it('refuses what was changed after it was signed', () => {
    if ('shared' in scheme) return;
    const genuine = proven(scheme, 'secret', request(5), noon);
    const body = Buffer.from(Buffer.from(genuine.body).toString().replace('"value":5', '"value":6'));
    expect(verify(scheme, ['secret'], { ...genuine, body }, noon)).toBe('wrong');
  });

  it('refuses what is old, or of a time to come', () => {
    if (!('freshness' in scheme)) return;
    const genuine = proven(scheme, 'secret', request(5), noon);
    for (const off of [-301_000, 301_000]) expect(verify(scheme, ['secret'], genuine, noon + off)).toBe('stale');
    for (const off of [-299_000, 299_000]) expect(verify(scheme, ['secret'], genuine, noon + off)).toBe('genuine');
  });
});

it('one item that is not signed spoils the batch, and so does a batch of none', () => {
  const scheme = schemes['items one by one'] as Signature;
  const genuine = proven(scheme, 'secret', request(5), noon);
  const whole = JSON.parse(Buffer.from(genuine.body).toString()) as { items: { it: { meta?: unknown } }[] };
  delete whole.items[1]?.it.meta;
  expect(verify(scheme, ['secret'], { ...genuine, body: Buffer.from(JSON.stringify(whole)) }, noon)).toBe('missing');
  expect(verify(scheme, ['secret'], { ...genuine, body: Buffer.from('{"items":[]}') }, noon)).toBe('missing');
  expect(verify(scheme, ['secret'], { ...genuine, body: Buffer.from('no json') }, noon)).toBe('wrong');
});

it('nothing goes unsigned but notices of what is fetched', () => {
  for (const { name, verify: scheme, routes } of sources) {
    if (scheme === 'not-http' || !('unsigned' in scheme)) continue;
    const routed = Object.values(routes).flatMap((table) => Object.values(table));
    expect([name, routed.filter((route) => route !== 'source.notified' && route !== 'ping' && route !== 'ignore')]).toEqual([name, []]);
  }
});

it('every source takes its own local secret and not that of another account', async () => {
  for (const { name, verify: scheme, keys } of sources) {
    if (keys || scheme === 'not-http' || 'unsigned' in scheme || 'jws' in scheme || ('algorithm' in scheme && scheme.key.decode === 'pem')) continue;
    const bare = { ...request(5), headers: { 'webhook-id': 'm', 'wm_sec.timestamp': '1' } };
    if ('each' in scheme) continue; // its items stand elsewhere
    const genuine = proven(scheme, localSecret(name, 'default'), bare, noon);
    expect([name, await verify(scheme, [localSecret(name, 'default')], genuine, noon), await verify(scheme, [localSecret(name, 'outlet')], genuine, noon)]).toEqual([name, 'genuine', 'wrong']);
  }
});
