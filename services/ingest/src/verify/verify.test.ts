import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { localKeyPair } from '../accounts/local-key-pair.ts';
import { source as canonical } from '../sources/canonical/index.ts';
import { proven, verify, type AnyOf, type Signature, type Signed } from './index.ts';

const scheme = (over: Partial<Signature>): Signature => ({
  algorithm: 'sha256', key: { decode: 'text' }, message: ['body'], header: 'signature', parser: { form: 'plain' }, encoding: 'hex', ...over,
});
const request = (body: string, headers: Record<string, string> = {}): Signed => ({ method: 'POST', url: 'https://x.example/h', headers, body: Buffer.from(body) });
const [standard] = (canonical.verify as AnyOf).anyOf as readonly [Signature];

describe('published signature vectors', () => {
  // standard-webhooks/standard-webhooks, libraries/php/tests/WebhookTest.php
  it('Standard Webhooks', () => {
    const signed = request('{"test": 2432232314}', {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
    expect(verify(standard, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], signed, 1_614_265_330_000)).toBe('genuine');
    expect(verify(standard, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], signed, 1_614_265_631_000)).toBe('stale');
  });

  // razorpay/razorpay-node, test/utils/razorpay-utils.spec.js
  it('hex HMAC of the raw body', () => {
    const signed = request('{"a":1,"b":2,"c":{"d":3}}', { signature: '2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc' });
    expect(verify(scheme({}), ['123456'], signed, 0)).toBe('genuine');
  });

  // Adyen/adyen-java-api-library, HMACValidatorTest.java: hex key, base64 signature
  it('base64 HMAC under a key given in hex', () => {
    const key = '9064450A8892A093D9E97EFCC9639DE31B74F3A7803135555A3C96F5A57915D6';
    const adyen = scheme({ key: { decode: 'hex' }, encoding: 'base64' });
    expect(verify(adyen, [key], request('TestPayload', { signature: 'YA9/UDjldIO4Gq68X4ATYYoEaPYH4f4k2uzBBzEF1PA=' }), 0)).toBe('genuine');
  });
});

describe('public keys', () => {
  const rsa: Signature = {
    algorithm: 'rsa-sha256', key: { decode: 'pem' }, message: [{ secret: 'label' }, { literal: '|' }, { digestOfBody: 'crc32' }], header: 'signature', parser: { form: 'plain' }, encoding: 'base64',
  };
  const secret = `WH-1\n${localKeyPair.publicKey}`;
  const bare = request('{"a":1}');

  it('verify what their private key has signed, with the label of the secret, and nothing else', () => {
    const genuine = proven(rsa, secret, bare, 0);
    expect(verify(rsa, ['another', secret], genuine, 0)).toBe('genuine');
    expect(verify(rsa, [`WH-2\n${localKeyPair.publicKey}`], genuine, 0)).toBe('wrong');
    expect(verify(rsa, [secret], { ...genuine, body: Buffer.from('{"a":2}') }, 0)).toBe('wrong');
    expect(verify(rsa, [secret], proven(rsa, 'nobody', bare, 0), 0)).toBe('wrong');
    const [weak] = [generateKeyPairSync('rsa', { modulusLength: 1024, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })];
    const short = { ...bare, headers: { signature: signWith('sha256', Buffer.from(`|${crc32(bare.body)}`), weak.privateKey).toString('base64') } };
    expect(verify(rsa, [weak.publicKey], short, 0)).toBe('wrong');
  });

  it('sign a whole body as JWS: only RS256, whatever its header says, and only in time', async () => {
    const jws = { jws: 'RS256', toleranceSeconds: 60 } as const;
    const claims = request(JSON.stringify({ data: 'x', iat: 1_000, exp: 1_100 }));
    const genuine = proven(jws, secret, claims, 0);
    expect(await verify(jws, [secret], genuine, 1_050_000)).toBe('genuine');
    expect(await verify(jws, [secret], genuine, undefined)).toBe('genuine');
    expect(await verify(jws, [secret], genuine, 1_161_000)).toBe('stale');
    expect(await verify(jws, [secret], genuine, 939_000)).toBe('stale');
    expect(await verify(jws, [secret], claims, 1_050_000)).toBe('missing');
    expect(await verify(jws, [secret], proven(jws, 'nobody', claims, 0), 1_050_000)).toBe('wrong');
    const [, payload, signature] = Buffer.from(genuine.body).toString().split('.');
    for (const header of [{ alg: 'none' }, { alg: 'HS256' }, {}, 'RS256']) {
      const forged = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`;
      expect(await verify(jws, [secret], { ...claims, body: Buffer.from(forged) }, 1_050_000)).toBe('wrong');
    }
    // the public key as an HMAC secret: the classic confusion
    const content = `${Buffer.from('{"alg":"HS256"}').toString('base64url')}.${payload}`;
    const confused = `${content}.${createHmac('sha256', localKeyPair.publicKey).update(content).digest('base64url')}`;
    expect(await verify(jws, [secret], { ...claims, body: Buffer.from(confused) }, 1_050_000)).toBe('wrong');
  });
});

describe('verify', () => {
  it('lets nobody in under a secret that is not written as its scheme says', () => {
    const hex = scheme({ key: { decode: 'hex' } });
    const underNoKey = createHmac('sha256', '').update('body').digest('hex');
    for (const secret of ['', 'not hex', 'abc']) expect(verify(hex, [secret], request('body', { signature: underNoKey }), 0)).toBe('wrong');
    expect(verify(scheme({ key: { decode: 'base64' } }), [''], request('body', { signature: underNoKey }), 0)).toBe('wrong');
  });

  it('agrees with the reference library of Standard Webhooks, both ways', () => {
    const secret = `whsec_${Buffer.from('a key of some length').toString('base64')}`;
    const now = new Date();
    const body = '{"type":"order.created"}';
    const theirs = new Webhook(secret).sign('msg_1', now, body);
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)) };
    expect(verify(standard, [secret], request(body, { ...headers, 'webhook-signature': `v1a,xx ${theirs}` }), now.getTime())).toBe('genuine');
    const ours = proven(standard, secret, request(body, { 'webhook-id': 'msg_1' }), now.getTime()).headers as Record<string, string>;
    expect(new Webhook(secret).verify(body, ours)).toEqual({ type: 'order.created' });
  });

  const stripe = scheme({
    message: ['timestamp', { literal: '.' }, 'body'], parser: { form: 'pairs', separator: ',', signature: 'v1', timestamp: 't' },
    freshness: { from: 'pair', toleranceSeconds: 300 },
  });

  it('takes the right one of several signatures in pairs and ignores other schemes', () => {
    const good = createHmac('sha256', 'k').update('100.body').digest('hex');
    const header = (pairs: string) => request('body', { signature: pairs });
    expect(verify(stripe, ['k'], header(`t=100,v1=00,v1=${good}`), 100_000)).toBe('genuine');
    expect(verify(stripe, ['k'], header(`t=100,v0=${good}`), 100_000)).toBe('wrong');
    expect(verify(stripe, ['k'], header(`v1=${good}`), 100_000)).toBe('missing');
    expect(verify(stripe, ['k'], header(`t=1e2,v1=${good}`), 100_000)).toBe('missing');
    expect(verify(stripe, ['k'], request('body'), 100_000)).toBe('missing');
  });

  it('needs a secret', () => {
    expect(verify(scheme({}), [], request('x', { signature: '00' }), 0)).toBe('wrong');
  });

  it.each(['hex', 'base64'] as const)('accepts what it signed and nothing that differs in one bit (%s)', (encoding) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.string({ minLength: 1 }), fc.nat(), (body, secret, at) => {
        for (const one of [scheme({ encoding }), { ...stripe, encoding }, { ...standard, encoding }]) {
          const bare = { method: 'POST', url: '', headers: { 'webhook-id': 'm' }, body };
          const { headers } = proven(one, secret, bare, 100_000);
          expect(verify(one, ['other', secret], { ...bare, headers }, 100_000)).toBe('genuine');
          const other = Uint8Array.from(body);
          other[at % other.length] = (other[at % other.length] ?? 0) ^ (1 << (at % 8));
          expect(verify(one, [secret], { ...bare, headers, body: other }, 100_000)).toBe('wrong');
        }
      }),
      { numRuns: 60 },
    );
  });
});
