import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { unzipSync } from 'fflate';

export interface UnpackedCode {
  readonly folder: string;
  /** Base64, as GetFunction reports it. */
  readonly sha256: string;
  readonly size: number;
}

/** Unzips a package into a folder named by its content, once; a half-written folder never gets that name. */
export function unpack(zip: Buffer, cache: string): UnpackedCode {
  const digest = createHash('sha256').update(zip).digest();
  const folder = join(cache, digest.toString('hex').slice(0, 32));
  if (!existsSync(folder)) {
    const partial = `${folder}.${process.pid}.partial`;
    rmSync(partial, { recursive: true, force: true });
    for (const [name, bytes] of Object.entries(unzipSync(zip, { filter: (entry) => !entry.name.endsWith('.map') }))) {
      if (name.endsWith('/')) continue;
      const path = join(partial, normalize(name));
      if (!path.startsWith(partial)) throw new Error(`the package holds a path outside itself: ${name}`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    mkdirSync(partial, { recursive: true });
    renameSync(partial, folder);
  }
  return { folder, sha256: digest.toString('base64'), size: zip.length };
}
