import { refusalIn } from './refusal.ts';

describe('what Shopee answers with a good status', () => {
  it.each([
    [{ error: 'error_auth', message: 'Invalid access_token, please have a check.', request_id: 'r' }, 'credential'],
    [{ error: 'invalid_acceess_token', message: 'Invalid access_token, please have a check.', request_id: 'r' }, 'credential'],
    [{ error: 'error_sign', message: 'Wrong sign.', request_id: 'r' }, 'credential'],
    [{ error: 'error_rate_limit', message: 'Too many requests.', request_id: 'r' }, 'wait'],
    [{ error: 'error_server', message: 'Something wrong. Please try later.', request_id: 'r' }, 'wait'],
    [{ error: 'error_not_found', message: 'Wrong parameters, detail: the order is not found.', request_id: 'r' }, 'absent'],
    [{ error: '', message: '', response: { order_list: [] } }, 'absent'],
    [{ error: '', message: '', response: { order_list: [{ order_sn: 'A' }] } }, undefined],
    // whoever reads these says what is wrong with them
    [{ error: 'error_param', message: 'Wrong parameters, detail: data not exist', request_id: 'r' }, undefined],
    [{ error: 'toString' }, undefined],
    [[], undefined],
    [null, undefined],
  ])('%j', (payload, refusal) => {
    expect(refusalIn(payload)).toBe(refusal);
  });
});
