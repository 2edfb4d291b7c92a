import { createHmac } from 'node:crypto';

/**
 * A call with its signature: HMAC-SHA256 of the API's name and all parameters, sorted by name
 * (https://open.lazada.com/apps/doc/doc?nodeId=10450&docId=108068).
 * @param credential `<app key>:<app secret>:<access token>`
 */
export function signed(path: string, credential: string, now: number): string {
  const [key = '', secret = '', ...token] = credential.split(':');
  const at = path.indexOf('?');
  const name = at < 0 ? path : path.slice(0, at);
  const parameters = new URLSearchParams(at < 0 ? '' : path.slice(at + 1));
  for (const [word, value] of [['app_key', key], ['access_token', token.join(':')], ['timestamp', String(now)], ['sign_method', 'sha256']] as const) {
    if (value !== '') parameters.set(word, value);
  }
  parameters.sort();
  const message = [...parameters].map(([word, value]) => word + value).join('');
  parameters.set('sign', createHmac('sha256', secret).update(name + message).digest('hex').toUpperCase());
  return `${name}?${parameters.toString()}`;
}
