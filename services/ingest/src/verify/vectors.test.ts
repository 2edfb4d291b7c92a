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
});
