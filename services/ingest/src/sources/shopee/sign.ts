import { createHmac } from 'node:crypto';

/**
 * A call of a shop with its signature: HMAC-SHA256 of partner, path, time, token and shop by the partner key
 * (https://open.shopee.com/developer-guide/16).
 * @param credential `<partner id>:<partner key>:<shop id>:<access token>`
 */
export function signed(path: string, credential: string, now: number): string {
  const [partner = '', key = '', shop = '', ...rest] = credential.split(':');
  const token = rest.join(':');
  const [name = '', query = ''] = path.split('?');
  const timestamp = Math.floor(now / 1_000);
  const sign = createHmac('sha256', key).update(`${partner}${name}${timestamp}${token}${shop}`).digest('hex');
  const proof = new URLSearchParams({ partner_id: partner, timestamp: String(timestamp), access_token: token, shop_id: shop, sign });
  return `${name}?${query === '' ? '' : `${query}&`}${proof.toString()}`;
}
