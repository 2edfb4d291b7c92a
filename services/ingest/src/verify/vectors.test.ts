import { createHash, createHmac } from 'node:crypto';
import { findSource } from '../sources/registry.ts';
import { verify, type HttpVerify, type Signed } from './index.ts';

/** The scheme of a source, as its definition has it. */
const schemeOf = (name: string): HttpVerify => findSource(name)?.verify as HttpVerify;
const post = (body: string, headers: Record<string, string>): Signed => ({ method: 'POST', url: 'https://x.example/h', headers, body: Buffer.from(body) });

describe('signatures that vendors have published', () => {
  // square/square-python-sdk, tests/utilities/test_webhooks_helper.py
  it('Square, over the address as well', () => {
    const body = '{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":"ac3ac95b-f97d-458c-a6e6-18981597e05f","created_at":"2022-07-13T20:30:59.037339943Z","data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}';
    const signed = { ...post(body, { 'x-square-hmacsha256-signature': 'GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4=' }), url: 'https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9' };
    const [key, other] = ['Ibxx_5AKakO-3qeNVR61Dw', 'MCmhFRxGX82xMwg5FsaoQA'];
    expect(verify(schemeOf('square'), [key], signed, 0)).toBe('genuine');
    expect(verify(schemeOf('square'), [other], signed, 0)).toBe('wrong');
    expect(verify(schemeOf('square'), [key], { ...signed, url: 'https://webhook.site/79a4f3a-dcfa-49ee-bac5-9d0edad886b9' }, 0)).toBe('wrong');
  });

  // shopware/app-php-sdk, tests/Authentication/RequestVerifierTest.php; its body has no time, so that is left out here
  it('Shopware', () => {
    const { freshness: _, ...scheme } = schemeOf('shopware') as Extract<HttpVerify, { algorithm: string }>;
    const signed = post('body', { 'shopware-shop-signature': 'dc46983557fea127b43af721467eb9b3fde2338fe3e14f51952aa8478c13d355' });
    expect(verify(scheme, ['secret'], signed, 0)).toBe('genuine');
    expect(verify(scheme, ['Secret'], signed, 0)).toBe('wrong');
  });

  // https://developer.ifood.com.br/en-US/docs/guides/modules/events/webhook-request
  it('iFood, over the very bytes', () => {
    const body = '{"code":"PLC","createdAt":"2023-02-20T18:19:03.20162269Z","fullCode":"PLACED","id":"a38ba215-f949-4b2c-982a-0582a9d0c10e","merchantId":"cad65e8f-6fc6-438a-b159-e64a902a6b9a","orderId":"2c97e104-35ed-4c18-85d7-854a40b6b9e3"}';
    const headers = { 'x-ifood-signature': '6f9ed23a7b505a3b6907c5f6eb2ad1b056fbf35a643d365a9a072ed7aabca153' };
    expect(verify(schemeOf('ifood'), ['dummysecret'], post(body, headers), 0)).toBe('genuine');
    expect(verify(schemeOf('ifood'), ['dummysecret'], post(JSON.stringify(JSON.parse(body), undefined, 1), headers), 0)).toBe('wrong');
  });

  // razorpay/razorpay-node, test/utils/razorpay-utils.spec.js
  it('Razorpay', () => {
    const signed = post('{"a":1,"b":2,"c":{"d":3}}', { 'x-razorpay-signature': '2fe04e22977002e6c7cb553adab8b460cb9e2a4970d5953cb27a8472752e3bbc' });
    expect(verify(schemeOf('razorpay'), ['123456'], signed, 0)).toBe('genuine');
    expect(verify(schemeOf('razorpay'), ['1234567'], signed, 0)).toBe('wrong');
  });

  // Adyen/adyen-java-api-library, HMACValidatorTest.java and mocks/hmac-validation-webhook.json; there the items stand alone
  describe('Adyen, item by item', () => {
    const report = {
      additionalData: { hmacSignature: 'NuEkADFmlCC6VgX+wcoPAegIWxVPNBPCuKlM4Hzo5qc=' }, amount: { currency: 'EUR', value: '0' }, eventCode: 'REPORT_AVAILABLE',
      merchantAccountCode: 'Magento2Rik', merchantReference: 'testMerchantRef1', pspReference: 'test_REPORT_AVAILABLE', success: 'true',
    };
    const slashes = {
      additionalData: { hmacSignature: 'CZErGCNQaSsxbaQfZaJlakqo7KPP+mIa8a+wx3yNs9A=' }, amount: { currency: 'EUR', value: 1000 }, eventCode: 'AUTHORISATION',
      merchantAccountCode: 'AntoniStroinski', merchantReference: '\\:/\\/slashes are fun', pspReference: 'ZVWN7D3WSMK2WN82', success: 'true',
    };
    const [key, other] = ['9064450A8892A093D9E97EFCC9639DE31B74F3A7803135555A3C96F5A57915D6', '74F490DD33F7327BAECC88B2947C011FC02D014A473AAA33A8EC93E4DC069174'];
    const verdict = (keys: string[], ...items: object[]) =>
      verify(schemeOf('adyen'), keys, post(JSON.stringify({ live: 'false', notificationItems: items.map((item) => ({ NotificationRequestItem: item })) }), {}), 0);

    it.each([
      ['a report', [key], [report], 'genuine'],
      ['a reference that holds : and / and \\', [other], [slashes], 'genuine'],
      ['two items under two keys', [key, other], [report, slashes], 'genuine'],
      ['one item that is another’s', [key], [report, slashes], 'wrong'],
      ['another amount', [key], [{ ...report, amount: { currency: 'EUR', value: '1' } }], 'wrong'],
      ['one item without a signature', [key], [report, { ...report, additionalData: {} }], 'missing'],
      ['no item at all', [key], [], 'missing'],
    ])('%s', (_, keys, items, expected) => {
      expect(verdict(keys, ...items)).toBe(expected);
    });
  });

  // PaddleHQ/paddle-node-sdk, src/__tests__/notifications/webhooks-validator.node.test.ts
  describe('Paddle', () => {
    const at = 1_698_796_800_000;
    const [one, two] = ['a300428748dce5c70e4da19bffd60769591ea969c99dea3105d0ec9612cf43f9', '28981e941fae76e53db32f3d2a83cb69db41476595e84e1970a1b5d98f62b261'];

    it.each([
      ['{"data": ["1", "2"]}', `ts=1698796800;h1=${one}`, 'VALID_SECRET', 'genuine'],
      ['{"data": "value"}', `ts=1698796800;h1=${two};h1=${two};h2=RANDOM_HASH`, 'VALID_SECRET', 'genuine'],
      ['{"data": ["1", "2"]}', `ts=1698796800;h1=${one}`, 'INVALID_VALID_SECRET', 'wrong'],
      ['{"data": ["1", "2"]}', `ts=9876;h1=${one}`, 'VALID_SECRET', 'wrong'],
      ['{ "data": [ "1", "2" ]}', `ts=1698796800;h1=${one}`, 'VALID_SECRET', 'wrong'],
      ['{"data": ["1", "2"]}', 'ts=1234;h1=invalid_signature', 'VALID_SECRET', 'wrong'],
      ['{"data": ["1", "2"]}', `h1=${one}`, 'VALID_SECRET', 'missing'],
    ])('%s %s', (body, header, secret, verdict) => {
      expect(verify(schemeOf('paddle'), [secret], post(body, { 'paddle-signature': header }), at)).toBe(verdict);
    });

    it('is stale days later', () => {
      expect(verify(schemeOf('paddle'), ['VALID_SECRET'], post('{"data": ["1", "2"]}', { 'paddle-signature': `ts=1698796800;h1=${one}` }), at + 4 * 86_400_000)).toBe('stale');
    });
  });

  // recurly/recurly-client-ruby, spec/recurly/webhooks_spec.rb
  it('Recurly', () => {
    const at = 1_663_103_925_004;
    const secret = '354fab5bd35f5a0d50845ee7e30165244468b13c2c343f104e4e730a59326d9d';
    const body = '{"id":"rjxwmwedwqug","object_type":"account","site_id":"qc326l1hl8k9","event_type":"created","event_time":"2022-09-13T21:18:40Z","account_code":"adfas23zzz14123"}';
    const signature = 'ad24699f3beaa24c9af2cc7ada3ce4c835da0090194241b9d3add83d27f14bc3';
    const verdictOn = (header: string, now: number, text = body) => verify(schemeOf('recurly'), [secret], post(text, { 'recurly-signature': header }), now);
    expect(verdictOn(`${at},${signature}`, at)).toBe('genuine');
    expect(verdictOn(`${at},de1ec7ab1e,${signature}`, at)).toBe('genuine');
    expect(verdictOn(`${at + 1_000},${signature}`, at)).toBe('wrong');
    expect(verdictOn(`${at},${signature}`, at, '{}')).toBe('wrong');
    expect(verdictOn(`abc,${signature}`, at)).toBe('missing');
    expect(verdictOn(`${at},`, at)).toBe('wrong');
    expect(verdictOn(`${at},${signature}`, at + 300_001)).toBe('stale');
  });

  // mercadopago/sdk-nodejs, src/utils/webhook/webhook.spec.ts: what its test signs, with its secret, id, request and time
  it('Mercado Pago, over the id in the address', () => {
    const signature = createHmac('sha256', 'your_secret_key_here').update('id:ord01jq4s4ky8hwq6na5pxb65b3d3;request-id:2066ca19-c6f1-498a-be75-1923005edd06;ts:1742505638683;').digest('hex');
    const verdictOn = (id: string, header: string, request = '2066ca19-c6f1-498a-be75-1923005edd06') =>
      verify(schemeOf('mercado-pago'), ['your_secret_key_here'], { ...post('{}', { 'x-signature': header, 'x-request-id': request }), url: `https://x.example/h?data.id=${id}&type=payment` }, 0);
    expect(verdictOn('ord01jq4s4ky8hwq6na5pxb65b3d3', `ts=1742505638683,v1=${signature}`)).toBe('genuine');
    expect(verdictOn('ord01jq4s4ky8hwq6na5pxb65b3d3', `ts=1742505638683,v1=${signature},v2=aaaa`)).toBe('genuine');
    expect(verdictOn('ord01jq4s4ky8hwq6na5pxb65b3d4', `ts=1742505638683,v1=${signature}`)).toBe('wrong');
    expect(verdictOn('ord01jq4s4ky8hwq6na5pxb65b3d3', `ts=1742505638684,v1=${signature}`)).toBe('wrong');
    expect(verdictOn('ord01jq4s4ky8hwq6na5pxb65b3d3', `ts=1742505638683,v1=${signature}`, 'another')).toBe('wrong');
    expect(verdictOn('ord01jq4s4ky8hwq6na5pxb65b3d3', 'this-is-garbage')).toBe('wrong');
  });

  // adobe/aio-lib-events, test/mock.js (Apache-2.0)
  it('Adobe I/O Events', () => {
    const pem = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArGwUIIdaBSUrZq4V24cL
R3I19gel9uBBmXE3lt4oVHF0lMsHnA72cJNf/IPFYDWElM/tE4bat8p78O2ZQpus
6nzi/ISfSWprWhvTuI5sKx6CVgbRIzUM6VTIcvo8o3PK49HbgacRiUABZ1uNo7Cz
Pfmu5xAY+l2Ie1Dt8yperotKAKJmuPYeFWKGe9tzbPYgFluCy8DjPp2gGsmjsorR
/CVRJq8fWl5aTLha+ZHSTuyNY+RQhC/fZ7CHf89EdSvonyu6W7/SJmSf9DGGjmX0
HJNREqdTE9QdbSBMfNn/pa9fCGwR3yEoAZCkfVG06Xx02vOI0Q1RAkf2tGhO4bsZ
cwIDAQAB
-----END PUBLIC KEY-----`;
    const signature = 'Hgq9NEIAtFItHQfHYi2x94zAaHG7088PUDLdpSTdsFjLPD+IJCrKpSf4bxNeh3vHmMqj6zUVYfFEYvgI0riJNx12b3wIMHhoa/MxQGzzCcN4GnB/LVaTm9/1LZSxKpyR34FhaaYxbN3u3dSE60zk5swjzMKUFRmFiiE6k0knjcM+e0E3f1g9kFXgy/dUIOlty4SlS3hbv1UHS/BYXakH7d0lb4mrNxHIGNuIyFRmMpbZ4KyXDJo5nCQqvW0dZKAikpavf58/S8xbYyhJTImNJaUMZYQ5m8KD6H1ME48Hr3Q+Vgte9cXrTCreK1tVqCCy/ZaQGC7Z/qPOC+D849hi9g==';
    const body = '{"event_id":"eventId1","event":{"hello":"world"},"recipient_client_id":"client_id1"}';
    const other = 'hXC8F1eTt8Xmz7ec/9MkHqfzubDCSfGsgb8dWD0F+hQ=';
    const verdict = (secret: string, one: string, two: string, text = body) =>
      verify(schemeOf('adobe-commerce'), [secret], post(text, { 'x-adobe-digital-signature-1': one, 'x-adobe-digital-signature-2': two }), 0, [pem]);
    expect(verdict('client_id1', signature, signature)).toBe('genuine');
    expect(verdict('client_id1', other, signature)).toBe('genuine'); // either suffices
    expect(verdict('client_id1', other, other)).toBe('wrong');
    expect(verdict('client_id1', signature, signature, body.replace('world', 'moon'))).toBe('wrong');
    expect(verdict('client_id2', signature, signature)).toBe('wrong'); // meant for another
  });

  // mollie/mollie-api-php, tests/Webhooks/SignatureValidatorTest.php: its secret and payload, with and without a prefix
  it('Mollie, with and without a prefix', async () => {
    const body = '{"id":"tr_12345","event_type":"payment-link.paid"}';
    const signature = createHmac('sha256', 'test_webhook_secret').update(body).digest('hex');
    const verdictOn = (header: string, secrets: readonly string[]) => verify(schemeOf('mollie-next'), secrets, post(body, { 'x-mollie-signature': header }), 0);
    expect(await verdictOn(signature, ['test_webhook_secret'])).toBe('genuine');
    expect(await verdictOn(`sha256=${signature}`, ['invalid_secret', 'test_webhook_secret'])).toBe('genuine');
    expect(await verdictOn('invalid_signature', ['test_webhook_secret'])).toBe('wrong');
    expect(await verdictOn(signature, ['alternate_webhook_secret'])).toBe('wrong');
  });

  // braintree/braintree_node, lib/braintree/webhook_testing_gateway.js: what it makes of a kind, signed as its digest.js does
  it('Braintree, base64 with its line break, by the SHA-1 of the private key', () => {
    const payload = `${Buffer.from('<notification><kind>check</kind></notification>').toString('base64')}\n`;
    const signature = createHmac('sha1', createHash('sha1').update('integration_private_key').digest()).update(payload).digest('hex');
    const verdict = (bt_signature: string, bt_payload = payload) =>
      verify(schemeOf('braintree'), ['integration_public_key:integration_private_key'], post(new URLSearchParams({ bt_signature, bt_payload }).toString(), {}), 0);
    expect(verdict(`integration_public_key|${signature}`)).toBe('genuine');
    expect(verdict(`another_key|${'0'.repeat(40)}&integration_public_key|${signature}`)).toBe('genuine');
    expect(verdict(`another_key|${signature}`)).toBe('wrong');
    expect(verdict(`integration_public_key|${signature}`, `A${payload}`)).toBe('wrong');
    expect(verdict(signature)).toBe('wrong');
  });

  // eBay/event-notification-nodejs-sdk, test/test.json (Apache-2.0); the key as it is published, on one line
  it('eBay', () => {
    const pem = '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZhhxXKtR+TOvtDbgTPCkSof02qgBB7IsYOyf76ilExJ/upAa/vKIKheOoCyOpcLmi4t0b4uepb7LLjmMr90FUg==\n-----END PUBLIC KEY-----';
    const body = '{"metadata":{"topic":"MARKETPLACE_ACCOUNT_DELETION","schemaVersion":"1.0","deprecated":false},"notification":{"notificationId":"49feeaeb-4982-42d9-a377-9645b8479411_33f7e043-fed8-442b-9d44-791923bd9a6d","eventDate":"2021-03-19T20:43:59.462Z","publishDate":"2021-03-19T20:43:59.679Z","publishAttemptCount":1,"data":{"username":"test_user","userId":"ma8vp1jySJC","eiasToken":"nY+sHZ2PrBmdj6wVnY+sEZ2PrA2dj6wJnY+gAZGEpwmdj6x9nY+seQ=="}}}';
    const signature = 'eyJhbGciOiJlY2RzYSIsImtpZCI6Ijk5MzYyNjFhLTdkN2ItNDYyMS1hMGYxLTk2Y2NiNDI4YWY0OSIsInNpZ25hdHVyZSI6Ik1FWUNJUUNmeGZJV3V4bVdjSUJRSjljNS9YN2lHREpxczJSQ0dzQkVhQWppbnlycmZBSWhBSVY2d0djVGlCdVY1S0pVaWYyaG9reXJMK1E5c3NIa2FkK214Mm5FRTI1dyIsImRpZ2VzdCI6IlNIQTEifQ==';
    const mismatch = 'eyJhbGciOiJlY2RzYSIsImtpZCI6Ijk5MzYyNjFhLTdkN2ItNDYyMS1hMGYxLTk2Y2NiNDI4YWY0OSIsInNpZ25hdHVyZSI6Ik1FVUNJUUNHY1NubUFrVGZyK1paMlZnMGJXRW9zOGEvdGVCcWk3UGU2OCtoR21MTUNRSWdlRnZrcnRvKzhkczhSVndJM0dnbjFtTUdDck5NRVpKM1NSbE8yZngveHFJPSIsImRpZ2VzdCI6IlNIQTEifQ==';
    const verdictOn = (header: string, text = body) => verify(schemeOf('ebay'), ['a verification token'], post(text, { 'x-ebay-signature': header }), 0, [pem]);
    expect(findSource('ebay')?.keys?.paths({ headers: { 'x-ebay-signature': signature }, body: Buffer.from(body) })).toEqual(['/commerce/notification/v1/public_key/9936261a-7d7b-4621-a0f1-96ccb428af49']);
    expect(verdictOn(signature)).toBe('genuine');
    expect(verdictOn(mismatch)).toBe('wrong');
    expect(verdictOn(signature, body.replace('test_user', 'rest_user'))).toBe('wrong');
    expect(verdictOn('no base64 JSON')).toBe('wrong');
  });
});
