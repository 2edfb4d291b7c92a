import { refusalIn } from './refusal.ts';

describe('what Lazada answers with a good status', () => {
  it.each([
    [{ code: 'IllegalAccessToken', type: 'ISV', message: 'The specified access token is invalid or expired', request_id: 'r' }, 'credential'],
    [{ code: 'IncompleteSignature', type: 'ISV', message: 'The request signature does not conform to platform standards', request_id: 'r' }, 'credential'],
    [{ code: 'ApiCallLimit', type: 'ISV', message: 'Api access frequency exceeds the limit. this ban will last 1 seconds', request_id: 'r' }, 'wait'],
    [{ code: 'SellerCallLimit', type: 'ISV', message: 'Api access frequency exceeds the limit', request_id: 'r' }, 'wait'],
    [{ code: '901', type: 'ISP', message: 'The request is too frequent', request_id: 'r' }, 'wait'],
    [{ code: '16', type: 'ISP', message: 'E016: "1" Invalid Order ID', request_id: 'r' }, 'absent'],
    [{ code: '0', data: [], request_id: 'r' }, 'absent'],
    [{ code: '0', data: [{ order_id: 1 }], request_id: 'r' }, undefined],
    // whoever reads these says what is wrong with them
    [{ code: 'MissingParameter', type: 'ISV', message: 'The input parameter is missing', request_id: 'r' }, undefined],
    [{ code: 'toString' }, undefined],
    [[], undefined],
    [null, undefined],
  ])('%j', (payload, refusal) => {
    expect(refusalIn(payload)).toBe(refusal);
  });
});
