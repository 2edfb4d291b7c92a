import { createHash, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
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
    case 'labelled-sha1':
      return createHash('sha1').update(secret).digest();
    case 'hex':
      return /^([0-9a-f]{2})+$/i.test(secret) ? Buffer.from(secret, 'hex') : undefined;
    case 'base64':
      return /^[A-Za-z0-9+/_-]+={0,2}$/.test(secret) ? Buffer.from(secret, 'base64') : undefined;
    case 'prefixed-base64':
      if (key.never !== undefined && secret.startsWith(key.never)) return undefined;
      return secret.startsWith(key.prefix)
        ? Buffer.from(secret.slice(key.prefix.length), 'base64')
        : Buffer.from(secret, 'utf8');
    case 'pem':
    case 'ed25519':
      return undefined;
  }
}

/** Strong enough: RSA of 2048 bits at least, or a curve. */
const strong = ({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): boolean =>
  type === 'rsa' ? (details?.modulusLength ?? 0) >= 2048 : type === 'ec' || type === 'ed25519';

/** A public key or the certificate that holds it. */
function publicKey(secret: string): Key | undefined {
  const start = secret.indexOf('-----BEGIN ');
  if (start < 0) return undefined;
  try {
    const object = createPublicKey(secret.slice(start));
    return strong(object) ? { object, label: secret.slice(0, start).trim() } : undefined;
  } catch {
    return undefined;
  }
}

/** A raw Ed25519 key, 32 bytes. */
function edwardsKey(secret: string, prefix: string): Key | undefined {
  if (!secret.startsWith(prefix)) return undefined;
  const bytes = Buffer.from(secret.slice(prefix.length), 'base64');
  if (bytes.byteLength !== 32) return undefined;
  return { object: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' }), label: '' };
}

function make(secret: string, key: Signature['key']): Key | undefined {
  if (key.decode === 'pem') return publicKey(secret);
  if (key.decode === 'ed25519') return edwardsKey(secret, key.prefix);
  const colon = key.decode.startsWith('labelled') ? secret.indexOf(':') : -1;
  const text = secret.slice(colon + 1);
  const bytes = text === '' ? undefined : keyBytes(text, key);
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

/** What stands before a PEM in a secret, or the whole secret. */
const labelIn = (secret: string): string => secret.split('-----BEGIN ', 1)[0]?.trim() ?? '';

/** The keys of a scheme: those in the account's secrets, and the vendor's published ones under the label of each secret. */
export function keysOf(scheme: Pick<Signature, 'key'>, secrets: readonly string[], published: readonly string[]): readonly Key[] {
  const texts = scheme.key.decode === 'pem' ? [...secrets, ...secrets.flatMap((secret) => published.map((pem) => `${labelIn(secret)}\n${pem}`))] : secrets;
  return texts.map((text) => keyOf(text, scheme)).filter((key) => key !== undefined);
}
