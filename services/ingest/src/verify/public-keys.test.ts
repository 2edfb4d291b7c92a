import { createHmac, generateKeyPairSync, sign, createHash } from 'node:crypto';
import { localCurvePair, localKeyPair } from '../accounts/local-key-pair.ts';
import { localPublished } from '../accounts/local-secrets.ts';
import { findSource } from '../sources/registry.ts';
import { proven, verify, type AnyOf, type HttpVerify, type Signature, type Signed } from './index.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const request = (body: string, headers: Readonly<Record<string, string>> = {}): Signed => ({ method: 'POST', url: 'https://hooks.example/webhooks/x', headers, body: Buffer.from(body) });
const schemeOf = (name: string): HttpVerify => {
  const scheme = findSource(name)?.verify;
  if (scheme === undefined || scheme === 'not-http') throw new Error(`${name} is not signed`);
  return scheme;
};
const base: Signature = { algorithm: 'rsa-sha256', key: { decode: 'pem' }, message: ['body'], header: ['sig-1', 'sig-2'], parser: { form: 'plain' }, encoding: 'base64' };

describe('keys that a vendor publishes', () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const otherPem = other.publicKey.export({ type: 'spki', format: 'pem' }) as string;

  it('verify what their private keys signed; one of two signatures, and one of two keys, suffices', () => {
    const genuine = proven(base, 'local-secret', request('{"a":1}'), noon);
    expect(verify(base, ['local-secret'], genuine, noon, [otherPem, localKeyPair.publicKey])).toBe('genuine');
    const second = { ...genuine, headers: { 'sig-1': 'AAAA', 'sig-2': genuine.headers['sig-1'] } };
    expect(verify(base, ['local-secret'], second, noon, [localKeyPair.publicKey])).toBe('genuine');
    expect(verify(base, ['local-secret'], genuine, noon, [otherPem])).toBe('wrong');
    expect(verify(base, ['local-secret'], genuine, noon, [])).toBe('wrong');
    expect(verify(base, ['local-secret'], genuine, noon, ['no key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'])).toBe('wrong');
    expect(verify(base, ['local-secret'], { ...genuine, body: Buffer.from('{"a":2}') }, noon, [localKeyPair.publicKey])).toBe('wrong');
    expect(verify(base, ['local-secret'], request('{"a":1}'), noon, [localKeyPair.publicKey])).toBe('missing');
  });

  it('do not help whoever the vendor signed for, unless that is us', () => {
    const scheme: Signature = { ...base, addressed: { json: 'recipient' } };
    const genuine = proven(scheme, 'local-client', request('{"a":1}'), noon);
    expect(JSON.parse(Buffer.from(genuine.body).toString('utf8'))).toEqual({ a: 1, recipient: 'local-client' });
    expect(verify(scheme, ['local-client'], genuine, noon, [localKeyPair.publicKey])).toBe('genuine');
    expect(verify(scheme, ['local-another'], genuine, noon, [localKeyPair.publicKey])).toBe('wrong');
    const toNobody = proven(base, 'local-client', request('{"a":1}'), noon);
    expect(verify(scheme, ['local-client'], toNobody, noon, [localKeyPair.publicKey])).toBe('wrong');
  });

  it('of another kind than the scheme’s are none', () => {
    const genuine = proven(base, 'local-secret', request('{}'), noon);
    expect(verify(base, ['local-secret'], genuine, noon, [localCurvePair.publicKey])).toBe('wrong');
    const curve: Signature = { ...base, algorithm: 'ecdsa-sha1', header: 'sig', parser: { form: 'inside', field: 'signature' } };
    const ours = proven(curve, 'local-secret', request('{}'), noon);
    expect(verify(curve, ['local-secret'], ours, noon, [localCurvePair.publicKey])).toBe('genuine');
    expect(verify(curve, ['local-secret'], ours, noon, [localKeyPair.publicKey])).toBe('wrong');
    expect(verify(curve, ['local-secret'], request('{}', { sig: 'bm8ganNvbg==' }), noon, [localCurvePair.publicKey])).toBe('wrong');
  });

  it('sign bodies that are left out of their JWS, encoded or as they are', async () => {
    const scheme = (schemeOf('saleor') as AnyOf).anyOf.find((one) => 'detached' in one) as HttpVerify;
    const keys = localPublished('saleor');
    const genuine = proven(scheme, 'local-saleor-secret', request('{"a":1}'), noon);
    expect(await verify(scheme, ['local-saleor-secret'], genuine, noon, keys)).toBe('genuine');
    expect(await verify(scheme, [], { ...genuine, body: Buffer.from('{"a":2}') }, noon, keys)).toBe('wrong');
    const jws = (header: object, signed: (prefix: string) => Buffer): string => {
      const prefix = Buffer.from(JSON.stringify(header)).toString('base64url');
      return `${prefix}..${signed(prefix).toString('base64url')}`;
    };
    const raw = jws({ alg: 'RS256', b64: false, crit: ['b64'] }, (prefix) => sign('sha256', Buffer.from(`${prefix}.{"a":1}`), localKeyPair.privateKey));
    expect(await verify(scheme, [], request('{"a":1}', { 'saleor-signature': raw }), noon, keys)).toBe('genuine');
    const confused = jws({ alg: 'HS256' }, (prefix) => createHmac('sha256', localKeyPair.publicKey).update(`${prefix}.${Buffer.from('{"a":1}').toString('base64url')}`).digest());
    expect(await verify(scheme, [], request('{"a":1}', { 'saleor-signature': confused }), noon, keys)).toBe('wrong');
    const unsigned = jws({ alg: 'none' }, () => Buffer.from('x'));
    expect(await verify(scheme, [], request('{"a":1}', { 'saleor-signature': unsigned }), noon, keys)).toBe('wrong');
    for (const no of ['', 'abc', 'a.b.c']) expect(await verify(scheme, [], request('{"a":1}', { 'saleor-signature': no }), noon, keys)).toBe('missing');
    for (const no of [[], ['{"keys":[]}'], ['{"keys":7}'], ['nonsense']]) expect(await verify(scheme, [], genuine, noon, no)).toBe('wrong');
  });

  it('or a digest will do: of several schemes each suffices', async () => {
    const saleor = schemeOf('saleor');
    const body = '{"a":1}';
    const signature = createHmac('sha256', 's').update(body).digest('hex');
    expect(await verify(saleor, ['s'], request(body, { 'saleor-signature': signature }), noon, [])).toBe('genuine');
    expect(await verify(saleor, ['t'], request(body, { 'saleor-signature': signature }), noon, [])).toBe('wrong');
    expect(await verify(saleor, ['s'], request(body), noon, [])).toBe('missing');
  });
});

describe('Standard Webhooks by public key (v1a)', () => {
  // the private key is the 32 bytes 1, 2, … 32; nobody's
  const seed = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(Array.from({ length: 32 }, (_, at) => at + 1))]);
  const privateKey = { key: seed, format: 'der', type: 'pkcs8' } as const;
  const publicKey = `whpk_${Buffer.from('79b5562e8fe654f94078b112e8a98ba7901f853ae695bed7e0e3910bad049664', 'hex').toString('base64')}`;
  const body = '{"a":1}';
  const signature = sign(null, Buffer.from(`m1.${noon / 1_000}.${body}`), privateKey).toString('base64');
  const headers = { 'webhook-id': 'm1', 'webhook-timestamp': String(noon / 1_000), 'webhook-signature': `v1,AAAA v1a,${signature}` };

  it.each([
    ['its public key', [publicKey], headers, noon, 'genuine'],
    ['another', [`whpk_${Buffer.alloc(32, 9).toString('base64')}`], headers, noon, 'wrong'],
    ['a key of another length', ['whpk_AAAA'], headers, noon, 'wrong'],
    ['the public key taken for a shared secret', [publicKey], { ...headers, 'webhook-signature': `v1,${createHmac('sha256', publicKey).update(`m1.${noon / 1_000}.${body}`).digest('base64')}` }, noon, 'wrong'],
    ['an old time', [publicKey], headers, noon + 301_000, 'stale'],
  ] as const)('is verified with %s', async (_, secrets, given, now, verdict) => {
    expect(await verify(schemeOf('canonical'), secrets, request(body, given), now)).toBe(verdict);
  });
});

describe('forms and bodies', () => {
  const braintree: Signature = {
    algorithm: 'sha1', key: { decode: 'labelled-sha1' }, message: [{ form: 'bt_payload' }], header: { form: 'bt_signature' }, parser: { form: 'labelled', separator: '&', mark: '|' }, encoding: 'hex',
  };
  const form = (fields: Readonly<Record<string, string>>): Signed => request(new URLSearchParams(fields).toString());

  it('hold a signature beside what it signs, after the public key whose it is', () => {
    const bare = form({ bt_payload: 'PGE+\n' });
    const genuine = proven(braintree, 'public:private', bare, noon);
    const fields = new URLSearchParams(Buffer.from(genuine.body).toString('utf8'));
    // https://developer.paypal.com/braintree/docs/guides/webhooks : the key is the SHA-1 of the private key
    expect(fields.get('bt_signature')).toBe(`public|${createHmac('sha1', createHash('sha1').update('private').digest()).update('PGE+\n').digest('hex')}`);
    expect(verify(braintree, ['public:private'], genuine, noon)).toBe('genuine');
    expect(verify(braintree, ['another:private'], genuine, noon)).toBe('wrong');
    expect(verify(braintree, ['public:other'], genuine, noon)).toBe('wrong');
    expect(verify(braintree, ['public:'], genuine, noon)).toBe('wrong');
    expect(verify(braintree, ['public:private'], bare, noon)).toBe('missing');
    const both = form({ bt_payload: 'PGE+\n', bt_signature: `other|00&${fields.get('bt_signature') ?? ''}` });
    expect(verify(braintree, ['public:private'], both, noon)).toBe('genuine');
  });

  it('repeat a shared secret', () => {
    const scheme = { shared: { json: 'Origin.Key' } } as const;
    const genuine = proven(scheme, 'key', request('{"Origin":{"Account":"a"}}'), noon);
    expect(verify(scheme, ['other', 'key'], genuine, noon)).toBe('genuine');
    expect(verify(scheme, ['other'], genuine, noon)).toBe('wrong');
    for (const body of ['{}', 'no json', '{"Origin":{"Key":""}}']) expect(verify(scheme, ['key'], request(body), noon)).toBe('missing');
  });
});
