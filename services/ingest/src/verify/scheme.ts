import type { Path } from '../sources/place.ts';

/** A part of the signed message. `url`: the public one, as the sender knows it. */
export type Part =
  | 'body'
  | 'url'
  | 'method'
  /** Path of the URL, without its query. */
  | 'path'
  /** Path and query. */
  | 'target'
  | 'timestamp'
  | { readonly header: string }
  | { readonly query: string }
  /** A word of the JSON body (with `each`, of the item); nothing where it is null or missing. */
  | { readonly json: Path }
  | { readonly literal: string }
  /** `sha256` in hexadecimal, `crc32` as a decimal number. */
  | { readonly digestOfBody: 'sha256' | 'crc32' }
  /** A field of a form-encoded body, decoded. */
  | { readonly form: string }
  /** What stands before the key in the secret's text. */
  | { readonly secret: 'label' };

/** Signatures of public keys: digest, and type of the key. */
export const publicAlgorithms = {
  'rsa-sha256': { digest: 'sha256', type: 'rsa' },
  'ecdsa-sha1': { digest: 'sha1', type: 'ec' },
  'ed25519': { digest: null, type: 'ed25519' },
} as const;

export type PublicAlgorithm = keyof typeof publicAlgorithms;

export const isPublic = (algorithm: string): algorithm is PublicAlgorithm => Object.hasOwn(publicAlgorithms, algorithm);

/**
 * One signature scheme as data: an HMAC, or a signature of the vendor's whose public key is in the account's secret or published.
 * Families F1 to F6 of the catalogue of sources fit it, and those of F7 that sign with one key.
 */
export interface Signature {
  readonly algorithm: 'sha1' | 'sha256' | 'sha512' | PublicAlgorithm;
  /**
   * How the secret's text becomes the key. `prefixed-base64`: after `prefix` it is base64, without it plain text. `pem`: a
   * public key or certificate, before which a label may stand. `labelled`: what follows the first `:`, as text; before it
   * stands a word that is signed, too (`app key:app secret`). `labelled-sha1`: the SHA-1 of that, as bytes. `ed25519`: a raw
   * public key of 32 bytes, base64 after `prefix`.
   */
  readonly key:
    | { readonly decode: 'text' | 'hex' | 'base64' | 'pem' | 'labelled' | 'labelled-sha1' }
    /** `never`: what begins so is no key of this scheme; a public key would be a shared secret that everybody knows. */
    | { readonly decode: 'prefixed-base64'; readonly prefix: string; readonly never?: string }
    | { readonly decode: 'ed25519'; readonly prefix: string };
  readonly message: readonly Part[];
  /** The header that holds the signature (one of several suffices), or where it stands in the JSON body (with `each`, in the item) or in a form. */
  readonly header: string | { readonly json: Path } | { readonly form: string } | readonly string[];
  /** Where the body must name the label of the secret: the vendor signs what is meant for others with the same key. */
  readonly addressed?: { readonly json: Path };
  /**
   * How the header holds the signature: `plain`, after `prefix` where one is written; `pairs` such as `t=1,v1=ab,v1=cd`; a
   * `list` of words of which those with `prefix` count (`v1,ab v1,cd`); `labelled`, a list of label, `mark` and signature of
   * which that of our own label counts; `timeFirst`, a time and then signatures; `inside`, base64 JSON with it under `field`.
   */
  readonly parser:
    | { readonly form: 'plain'; readonly prefix?: string }
    | { readonly form: 'pairs'; readonly separator: string; readonly signature: string; readonly timestamp?: string }
    | { readonly form: 'list'; readonly separator: string; readonly prefix: string }
    | { readonly form: 'labelled'; readonly separator: string; readonly mark: string }
    | { readonly form: 'inside'; readonly field: string }
    | { readonly form: 'timeFirst'; readonly separator: string };
  readonly encoding: 'hex' | 'base64';
  /** The signed time and how far it may lie from ours, past and future. `pair`: in the header of the signature. */
  readonly freshness?: {
    readonly from: 'pair' | { readonly header: string } | { readonly json: Path };
    /** Since 1970, or ISO 8601 text. None: seconds. */
    readonly unit?: 'seconds' | 'milliseconds' | 'iso';
    readonly toleranceSeconds: number;
  };
  /** The items of a list are signed one by one: where the list is, and the item below its entry. All must be genuine. */
  readonly each?: { readonly list: Path; readonly item?: Path };
}

/** A secret that the sender repeats with each request: as password (`Authorization: Basic`), in a header of its own, or in the body. */
export interface SharedSecret {
  readonly shared: 'basic' | { readonly header: string; readonly prefix?: string } | { readonly json: Path };
}

/** The body is one JSON Web Signature in compact form (RFC 7515), RS256 whatever its header says; the secret is the public key, PEM. */
export interface SignedBody {
  readonly jws: 'RS256';
  /** How far `iat` and `exp` may lie from our time, seconds. */
  readonly toleranceSeconds: number;
}

/** A header holds a compact JWS whose payload is left out: it is the body (RFC 7515, appendix F). */
export interface DetachedJws {
  readonly detached: 'RS256';
  readonly header: string;
}

/** One of several schemes suffices: the account's secret, or the vendor, decides which is used. */
export interface AnyOf {
  readonly anyOf: readonly (Signature | DetachedJws)[];
}

/** Nothing proves who sends. Only for notices: what counts is fetched from the vendor. */
export interface Unsigned {
  readonly unsigned: string;
}

export type HttpVerify = Signature | SharedSecret | SignedBody | DetachedJws | AnyOf | Unsigned;

/** A request as far as signatures sign it. Header names in lower case. */
export interface Signed {
  readonly method: string;
  /** Public URL, as the sender knows it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export type Verdict = 'genuine' | 'missing' | 'wrong' | 'stale';
