import type { Body } from './bodies.ts';

/** What is known of one version of an object besides its body. */
export interface ObjectHead {
  readonly key: string;
  readonly size: number;
  /** With its quotes. */
  readonly eTag: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** Headers that a GET gives back: content type, encoding, user metadata, checksum. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** `null`, as S3 calls it, for what was made without versioning. */
  readonly version: string;
  readonly latest: boolean;
  /** A delete marker: the object is gone, its older versions are not. */
  readonly marker: boolean;
}

/** An object that was just made; `event` as S3 names it, e.g. `ObjectCreated:Put`. */
export interface Created {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly eTag: string;
  readonly at: number;
  readonly event: string;
  readonly version?: string;
}

/** One row of the table of objects. */
export interface Row extends Body {
  readonly id: number;
  readonly key: string;
  readonly size: number;
  readonly eTag: string;
  readonly modifiedAt: number;
  readonly headers: string;
  readonly tags: string | null;
  readonly version: string;
  readonly latest: number;
  readonly marker: number;
}

export interface NewObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly eTag: string;
  readonly event: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Above every character: `prefix + LAST` lies behind all keys with the prefix. */
export const LAST = '\u{10ffff}';

/** Columns of a row besides its body. */
export const COLUMNS = 'id, key, size, etag AS eTag, modified_at AS modifiedAt, headers, tags, version, latest, marker';

export function headOf({ key, size, eTag, modifiedAt, headers, tags, version, latest, marker }: Row): ObjectHead {
  return { key, size, eTag, modifiedAt, headers: JSON.parse(headers) as Record<string, string>, tags: tags === null ? {} : (JSON.parse(tags) as Record<string, string>), version, latest: latest === 1, marker: marker === 1 };
}
