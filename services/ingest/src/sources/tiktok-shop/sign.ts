import { createHmac } from 'node:crypto';

/** `<app key>:<app secret>:<access token>` */
export function partsOf(credential: string): { readonly key: string; readonly secret: string; readonly token: string } {
  const [key = '', secret = '', ...token] = credential.split(':');
  return { key, secret, token: token.join(':') };
}

/**
 * A call with its signature: HMAC-SHA256 by the app's secret of path and parameters, sorted by name, between two copies of that
 * secret; the time in seconds (https://partner.tiktokshop.com/docv2/page/sign-your-api-request). The token is in a header.
 */
export function signed(path: string, credential: string, now: number): string {
  const { key, secret } = partsOf(credential);
  const [name = '', query = ''] = path.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('app_key', key);
  parameters.set('timestamp', String(Math.floor(now / 1_000)));
  parameters.sort();
  const message = [...parameters].map(([word, value]) => word + value).join('');
  parameters.set('sign', createHmac('sha256', secret).update(`${secret}${name}${message}${secret}`).digest('hex'));
  return `${name}?${parameters.toString()}`;
}
