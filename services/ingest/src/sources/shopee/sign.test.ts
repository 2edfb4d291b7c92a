import { signed } from './sign.ts';

it('signs partner, path, seconds, token and shop, and nothing of the query', () => {
  const one = signed('/api/v2/order/get_order_detail?order_sn_list=A', '100:key:7:token', 1_517_820_392_999);
  expect(one).toBe('/api/v2/order/get_order_detail?order_sn_list=A&partner_id=100&timestamp=1517820392&access_token=token&shop_id=7&sign=5f633f42cef0affaf4c0b76b47614242d750c069bd940ec03b3254357038b3ef');
  expect(signed('/api/v2/order/get_order_detail?order_sn_list=B', '100:key:7:token', 1_517_820_392_000).slice(-64)).toBe(one.slice(-64));
});
