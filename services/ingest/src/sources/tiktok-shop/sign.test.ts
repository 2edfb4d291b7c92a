import { createHmac } from 'node:crypto';
import { addressBelow } from '../../vendor/address.ts';
import { signed } from './sign.ts';

it('signs path and sorted parameters between two secrets, and not the token', () => {
  const one = signed('/order/202309/orders?ids=576461413038785752&shop_cipher=GCP_a', '68xu36:s3cret:token:with:colons', 1_623_812_664_999);
  const sign = createHmac('sha256', 's3cret')
    .update('s3cret/order/202309/ordersapp_key68xu36ids576461413038785752shop_cipherGCP_atimestamp1623812664s3cret').digest('hex');
  expect(one).toBe(`/order/202309/orders?app_key=68xu36&ids=576461413038785752&shop_cipher=GCP_a&timestamp=1623812664&sign=${sign}`);
  expect(signed('/order/202309/orders?ids=576461413038785752&shop_cipher=GCP_a', '68xu36:s3cret:another', 1_623_812_664_000)).toBe(one);
});

it('makes addresses that may be called', () => {
  expect(addressBelow('https://open-api.tiktokglobalshop.com', signed("/order/202309/orders?ids=1%262%3D'%20", 'a b:c/d:e', 0))?.pathname).toBe('/order/202309/orders');
});
