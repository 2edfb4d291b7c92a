import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Signature } from './scheme.ts';

/** None when the secret is not written as its scheme says: what would be left of it might be an empty key. */
function keyBytes(secret: string, { key }: Signature): Buffer | undefined {
  switch (key.decode) {
    case 'text':
      return Buffer.from(secret, 'utf8');
    case 'hex':
      return /^([0-9a-f]{2})+$/i.test(secret) ? Buffer.from(secret, 'hex') : undefined;
    case 'base64':
      return /^[A-Za-z0-9+/_-]+={0,2}$/.test(secret) ? Buffer.from(secret, 'base64') : undefined;
    case 'prefixed-base64':
      return secret.startsWith(key.prefix)
        ? Buffer.from(secret.slice(key.prefix.length), 'base64')
        : Buffer.from(secret, 'utf8');
  }
}

/** Keys made ready: making one costs more than signing with it. Accounts are few, rotations rare. */
const keys = new Map<string, KeyObject>();
const mostKeys = 1_000;

/** The key of a secret; none when the secret cannot be one. */
export function keyOf(secret: string, scheme: Signature): KeyObject | undefined {
  const name = `${JSON.stringify(scheme.key)} ${secret}`;
  const known = keys.get(name);
  if (known) return known;
  const bytes = keyBytes(secret, scheme);
  if (bytes === undefined || bytes.length === 0) return undefined;
  if (keys.size >= mostKeys) keys.clear();
  const key = createSecretKey(bytes);
  keys.set(name, key);
  return key;
}
