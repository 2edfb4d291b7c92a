import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { Signature } from './scheme.ts';

/** A secret made ready. `label`: what stands before the key in its text. */
export interface Key {
  readonly object: KeyObject;
  readonly label: string;
}

/** None when the secret is not written as its scheme says: what would be left of it might be an empty key. */
function keyBytes(secret: string, key: Signature['key']): Buffer | undefined {
  switch (key.decode) {
    case 'text':
    case 'labelled':
      return Buffer.from(secret, 'utf8');
    case 'hex':
      return /^([0-9a-f]{2})+$/i.test(secret) ? Buffer.from(secret, 'hex') : undefined;
    case 'base64':
      return /^[A-Za-z0-9+/_-]+={0,2}$/.test(secret) ? Buffer.from(secret, 'base64') : undefined;
    case 'prefixed-base64':
      return secret.startsWith(key.prefix)
        ? Buffer.from(secret.slice(key.prefix.length), 'base64')
        : Buffer.from(secret, 'utf8');
    case 'pem':
      return undefined;
  }
}

/** A public key or the certificate that holds it; an RSA key of 2048 bits at least. */
function publicKey(secret: string): Key | undefined {
  const start = secret.indexOf('-----BEGIN ');
  if (start < 0) return undefined;
  try {
    const object = createPublicKey(secret.slice(start));
    const strong = object.asymmetricKeyType === 'rsa' && (object.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
    return strong ? { object, label: secret.slice(0, start).trim() } : undefined;
  } catch {
    return undefined;
  }
}

function make(secret: string, key: Signature['key']): Key | undefined {
  if (key.decode === 'pem') return publicKey(secret);
  const colon = key.decode === 'labelled' ? secret.indexOf(':') : -1;
  const bytes = keyBytes(secret.slice(colon + 1), key);
  return bytes === undefined || bytes.length === 0 ? undefined : { object: createSecretKey(bytes), label: secret.slice(0, Math.max(colon, 0)) };
}

/** Keys made ready: making one costs more than signing with it. Accounts are few, rotations rare. */
const keys = new Map<string, Key>();
const mostKeys = 1_000;

/** The key of a secret; none when the secret cannot be one. */
export function keyOf(secret: string, { key }: Pick<Signature, 'key'>): Key | undefined {
  const name = `${JSON.stringify(key)} ${secret}`;
  const known = keys.get(name);
  if (known) return known;
  const made = make(secret, key);
  if (made === undefined) return undefined;
  if (keys.size >= mostKeys) keys.clear();
  keys.set(name, made);
  return made;
}
