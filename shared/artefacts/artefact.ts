import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';

/** Files of one program, by their path in its zip. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** The earliest time that a zip can hold, so that the same content has the same bytes whenever it is packed. */
const always = new Date(1980, 0, 1);

const byName = (files: Files): [string, Uint8Array][] => Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));

/** SHA-256 of names and contents, hexadecimal; much cheaper than packing them. */
export function contentHash(files: Files): string {
  const hash = createHash('sha256');
  for (const [name, content] of byName(files)) hash.update(`${name}\0${content.byteLength}\0`).update(content);
  return hash.digest('hex');
}

/** One zip, the same bytes for the same files. */
export const zipOf = (files: Files): Uint8Array => zipSync(Object.fromEntries(byName(files)), { mtime: always, os: 3, level: 9 });
