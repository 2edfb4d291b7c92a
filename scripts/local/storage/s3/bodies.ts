import { randomUUID } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

/** Bodies up to this size lie in the database, larger ones in files of their own. */
const INLINE_BYTES = 65_536;
const COPY_BYTES = 8 * 1024 * 1024;

/** Where a body lies: in the row itself or in a file. */
export interface Body {
  readonly inline: Uint8Array | null;
  readonly file: string | null;
}

/** The folder of large bodies. Files are written once, before their row, and never changed. */
export class Bodies {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  keep(body: Buffer): Body {
    return body.length <= INLINE_BYTES ? { inline: body, file: null } : { inline: null, file: this.write(body) };
  }

  write(body: Buffer): string {
    const file = randomUUID();
    writeFileSync(join(this.#folder, file), body);
    return file;
  }

  /** Bytes `from` to `to`, both included. Large bodies come as a stream. */
  read(body: Body, from: number, to: number): Buffer | Readable {
    if (body.file !== null) return createReadStream(join(this.#folder, body.file), { start: from, end: to, highWaterMark: 262_144 });
    return inlineOf(body).subarray(from, to + 1);
  }

  whole(body: Body): Buffer {
    return body.file === null ? inlineOf(body) : readFileSync(join(this.#folder, body.file));
  }

  /** One file of several, without holding more than a few megabytes at once. */
  join(files: readonly string[]): string {
    const made = randomUUID();
    const target = openSync(join(this.#folder, made), 'w');
    const bytes = Buffer.alloc(COPY_BYTES);
    for (const file of files) {
      const source = openSync(join(this.#folder, file), 'r');
      for (let read = readSync(source, bytes); read > 0; read = readSync(source, bytes)) writeFileSync(target, bytes.subarray(0, read));
      closeSync(source);
    }
    closeSync(target);
    return made;
  }

  discard(file: string | null): void {
    if (file !== null) rmSync(join(this.#folder, file), { force: true });
  }

  /** Removes files that a kill has left without an owner. */
  sweep(owned: ReadonlySet<string>): void {
    for (const file of readdirSync(this.#folder)) if (!owned.has(file)) this.discard(file);
  }
}

function inlineOf({ inline }: Body): Buffer {
  return inline === null ? Buffer.alloc(0) : Buffer.from(inline.buffer, inline.byteOffset, inline.byteLength);
}
