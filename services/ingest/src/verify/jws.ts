import type { KeyObject } from 'node:crypto';
import { compactVerify, createLocalJWKSet, errors, flattenedVerify, type FlattenedVerifyGetKey, type JSONWebKeySet } from 'jose';
import { keyOf } from './keys.ts';
import type { DetachedJws, Signed, SignedBody, Verdict } from './scheme.ts';

const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const detached = /^([\w-]+)\.\.([\w-]+)$/;
/** The scheme's, whatever a token's header says: `none` and HMACs with a public key as their secret are refused. */
const algorithms = ['RS256'];

type Jwks = { readonly keySet: JSONWebKeySet } | { readonly key: KeyObject };

/** A public key or a set of them; undefined when a text holds neither. */
function keysIn(text: string): Jwks | undefined {
  if (!text.startsWith('{')) {
    const key = keyOf(text, { key: { decode: 'pem' } });
    return key && { key: key.object };
  }
  try {
    return { keySet: JSON.parse(text) as JSONWebKeySet };
  } catch {
    return undefined;
  }
}

/** Whether a token is signed by one of the keys; a key that a token brings is never looked at. */
async function signedByOne(texts: readonly string[], check: (key: FlattenedVerifyGetKey | KeyObject) => Promise<unknown>): Promise<boolean> {
  for (const text of texts) {
    const keys = keysIn(text);
    if (!keys) continue;
    try {
      await check('key' in keys ? keys.key : createLocalJWKSet(keys.keySet));
      return true;
    } catch (error) {
      // a set of keys of another form is no key either
      if (!(error instanceof errors.JOSEError) && !(error instanceof TypeError)) throw error;
    }
  }
  return false;
}

/** A body that is one compact JWS (https://www.rfc-editor.org/rfc/rfc7515#section-5.2). */
export async function verifyJws({ toleranceSeconds }: SignedBody, keys: readonly string[], body: Uint8Array, now: number | undefined): Promise<Verdict> {
  const token = Buffer.from(body).toString('latin1').trim();
  if (!compact.test(token)) return 'missing';
  if (!(await signedByOne(keys, (key) => compactVerify(token, key as KeyObject, { algorithms })))) return 'wrong';
  if (now === undefined) return 'genuine';
  const { exp, iat } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { readonly exp?: unknown; readonly iat?: unknown };
  const seconds = now / 1_000;
  const late = typeof exp === 'number' && seconds > exp + toleranceSeconds;
  const early = typeof iat === 'number' && seconds < iat - toleranceSeconds;
  return late || early ? 'stale' : 'genuine';
}

/** Whether a JWS header says that its payload is signed as it is (https://www.rfc-editor.org/rfc/rfc7797#section-3). */
function unencoded(header: string): boolean {
  try {
    return (JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as { readonly b64?: unknown } | null)?.b64 === false;
  } catch {
    return false;
  }
}

/** A body that is the payload of a JWS in a header (https://www.rfc-editor.org/rfc/rfc7515#appendix-F). */
export async function verifyDetached({ header }: DetachedJws, keys: readonly string[], { headers, body }: Signed): Promise<Verdict> {
  const [, protectedHeader, signature] = detached.exec(headers[header]?.trim() ?? '') ?? [];
  if (protectedHeader === undefined || signature === undefined) return 'missing';
  const payload = unencoded(protectedHeader) ? body : Buffer.from(body).toString('base64url');
  const jws = { protected: protectedHeader, payload, signature };
  return (await signedByOne(keys, (key) => flattenedVerify(jws, key as KeyObject, { algorithms }))) ? 'genuine' : 'wrong';
}
