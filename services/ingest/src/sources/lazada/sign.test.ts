import { signed } from './sign.ts';

// https://open.lazada.com/apps/doc/doc?nodeId=10451&docId=108069
it('signs a call as the vendor’s own sample', () => {
  expect(signed('/order/get?order_id=1234', '123456:helloworld:test', 1_517_820_392_000)).toBe(
    '/order/get?access_token=test&app_key=123456&order_id=1234&sign_method=sha256&timestamp=1517820392000&sign=4190D32361CFB9581350222F345CB77F3B19F0E31D162316848A2C1FFD5FAB4A',
  );
});
