import { VendorUnreachable, type VendorPort } from '../vendor/port.ts';
import type { Said } from './memory-vendor.ts';
import { noon } from './memory.ts';

/** A vendor port with its other end: what the vendor says to a path. */
export interface VendorUnderTest {
  readonly vendor: VendorPort;
  readonly say: (path: string, said: Said) => void;
}

/** What every implementation of VendorPort must do; its clock stands at noon, its account is `orders:default`. */
export function vendorContract(name: string, make: () => Promise<VendorUnderTest>): void {
  describe(name, () => {
    let vendor: VendorPort;
    let say: VendorUnderTest['say'];
    const get = (path: string) => vendor.get('orders', 'default', path);
    beforeAll(async () => {
      ({ vendor, say } = await make());
    });

    it('gives the bytes as they came', async () => {
      say('/v1/orders/1?full=yes', { body: '{"id": 1, "name": "é"}' });
      const answer = await get('/v1/orders/1?full=yes');
      expect(answer).toMatchObject({ status: 'ok' });
      expect(answer.status === 'ok' && Buffer.from(answer.body).toString()).toBe('{"id": 1, "name": "é"}');
    });

    it.each([
      ['404', { status: 404 }, { status: 'absent' }],
      ['410', { status: 410 }, { status: 'absent' }],
      ['429 with seconds', { status: 429, headers: { 'retry-after': '7' } }, { status: 'wait', seconds: 7 }],
      ['429 with a date', { status: 429, headers: { 'retry-after': new Date(noon + 90_000).toUTCString() } }, { status: 'wait', seconds: 90 }],
      ['429 with a date gone by', { status: 429, headers: { 'retry-after': new Date(noon - 90_000).toUTCString() } }, { status: 'wait', seconds: 1 }],
      ['429 without a word', { status: 429 }, { status: 'wait', seconds: 60 }],
      ['429 with nonsense', { status: 429, headers: { 'retry-after': 'soon' } }, { status: 'wait', seconds: 60 }],
      ['429 with a year', { status: 429, headers: { 'retry-after': '31536000' } }, { status: 'wait', seconds: 43_200 }],
      ['503 with seconds', { status: 503, headers: { 'retry-after': '30' } }, { status: 'wait', seconds: 30 }],
      ['400', { status: 400 }, { status: 'refused', code: 'http-400' }],
      ['401', { status: 401 }, { status: 'refused', code: 'credential' }],
      ['403', { status: 403 }, { status: 'refused', code: 'credential' }],
      ['a redirect', { status: 302, headers: { location: 'http://169.254.169.254/' } }, { status: 'refused', code: 'redirect' }],
    ])('understands %s', async (_, said, answer) => {
      say('/v1/answer', said);
      expect(await get('/v1/answer')).toEqual(answer);
    });

    it.each([['500', { status: 500 }], ['503', { status: 503 }], ['408', { status: 408 }], ['a broken line', 'reset']] as const)(
      'says of %s that it should be asked again', async (_, said) => {
        say('/v1/trouble', said);
        await expect(get('/v1/trouble')).rejects.toBeInstanceOf(VendorUnreachable);
      },
    );

    it.each([
      '', 'v1/orders', '//elsewhere.example/v1', 'https://elsewhere.example/', '@elsewhere.example/', '\\\\elsewhere.example', '/\\elsewhere.example',
      '/v1/orders/..', '/v1/orders/../../admin', '/v1/orders/%2e%2e/admin', '/v1/orders/.', '/v1/a b', '/v1/a\nb', '/v1/a\tb', '/v1/a#b', '/v1/ü',
    ])('refuses the address %j', async (path) => {
      expect(await get(path)).toEqual({ status: 'refused', code: 'address' });
    });
  });
}
