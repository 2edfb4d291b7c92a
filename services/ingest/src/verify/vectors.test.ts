import { findSource } from '../sources/registry.ts';
import { verify, type HttpVerify, type Signed } from './index.ts';

/** The scheme of a source, as its definition has it. */
const schemeOf = (name: string): HttpVerify => findSource(name)?.verify as HttpVerify;
const post = (body: string, headers: Record<string, string>): Signed => ({ method: 'POST', url: 'https://x.example/h', headers, body: Buffer.from(body) });

describe('signatures that vendors have published', () => {
  // shopware/app-php-sdk, tests/Authentication/RequestVerifierTest.php; its body has no time, so that is left out here
  it('Shopware', () => {
    const { freshness: _, ...scheme } = schemeOf('shopware') as Extract<HttpVerify, { algorithm: string }>;
    const signed = post('body', { 'shopware-shop-signature': 'dc46983557fea127b43af721467eb9b3fde2338fe3e14f51952aa8478c13d355' });
    expect(verify(scheme, ['secret'], signed, 0)).toBe('genuine');
    expect(verify(scheme, ['Secret'], signed, 0)).toBe('wrong');
  });

  // razorpay/razorpay-node, test/utils/razorpay-utils.spec.js
  it('Razorpay', () => {
    const signed = post('{"a":1,"b":2,"c":{"d":3}}', { 'x-razorpay-signature': '2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc' });
    expect(verify(schemeOf('razorpay'), ['123456'], signed, 0)).toBe('genuine');
    expect(verify(schemeOf('razorpay'), ['1234567'], signed, 0)).toBe('wrong');
  });
});
