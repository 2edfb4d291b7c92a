import { randomUUID } from 'node:crypto';
import { closeSync, createReadStream, linkSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

/** Bodies up to this size lie in the database, larger ones in files of their own. */
const INLINE_BYTES = 65_536;

/** Where a body lies: in the row itself, or in files one behind the other (`<name>:<bytes>`, comma-separated). */
export interface Body {
  readonly inline: Uint8Array | null;
  readonly files: string | null;
}

/** A body that is being written; small ones never touch the disk. */
export interface BodyWriter {
  write(bytes: Buffer): void;
  done(): Body;
  /** Leaves nothing behind. */
  discard(): void;
}

interface Piece {
  readonly name: string;
  readonly bytes: number;
}

const piecesOf = (files: string): Piece[] => files.split(',').map((piece) => {
  const [name = '', bytes] = piece.split(':');
  return { name, bytes: Number(bytes) };
});

/** The folder of large bodies. Files are written once, before their row, and never changed. */
export class Bodies {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** @param always in a file, however small */
  writer(always = false): BodyWriter {
    let held: Buffer[] = [];
    let bytes = 0;
    let file: { readonly name: string; readonly descriptor: number } | undefined;
    const close = (): void => {
      if (file) closeSync(file.descriptor);
    };
    const open = (): void => {
      const name = randomUUID();
      file = { name, descriptor: openSync(join(this.#folder, name), 'w') };
      for (const one of held.splice(0)) writeSync(file.descriptor, one);
    };
    return {
      write(chunk) {
        bytes += chunk.length;
        if (file) writeSync(file.descriptor, chunk);
        else {
          held.push(chunk);
          if (bytes > INLINE_BYTES) open();
        }
      },
      done() {
        if (always && !file) open();
        close();
        const inline = file ? null : Buffer.concat(held);
        held = [];
        return { inline, files: file ? `${file.name}:${bytes}` : null };
      },
      discard: () => {
        close();
        if (file) rmSync(join(this.#folder, file.name), { force: true });
      },
    };
  }

  /** Bytes `from` to `to`, both included. Large bodies come as a stream. */
  read({ inline, files }: Body, from: number, to: number): Buffer | Readable {
    if (files === null) return (inline === null ? Buffer.alloc(0) : Buffer.from(inline.buffer, inline.byteOffset, inline.byteLength)).subarray(from, to + 1);
    const wanted: { readonly name: string; readonly start: number; readonly end: number }[] = [];
    let at = 0;
    for (const { name, bytes } of piecesOf(files)) {
      if (at <= to && at + bytes > from) wanted.push({ name, start: Math.max(0, from - at), end: Math.min(bytes - 1, to - at) });
      at += bytes;
    }
    const open = ({ name, start, end }: (typeof wanted)[number]): Readable => createReadStream(join(this.#folder, name), { start, end, highWaterMark: 262_144 });
    const [only] = wanted;
    if (wanted.length === 1 && only) return open(only);
    return Readable.from((async function* () {
      for (const one of wanted) yield* open(one) as AsyncIterable<Buffer>;
    })(), { objectMode: false });
  }

  /** The same body for another owner, without its bytes being copied. */
  share({ inline, files }: Body): Body {
    if (files === null) return { inline, files };
    const shared = piecesOf(files).map(({ name, bytes }) => {
      const made = randomUUID();
      linkSync(join(this.#folder, name), join(this.#folder, made));
      return `${made}:${bytes}`;
    });
    return { inline: null, files: shared.join(',') };
  }

  discard(files: string | null): void {
    if (files !== null) for (const { name } of piecesOf(files)) rmSync(join(this.#folder, name), { force: true });
  }

  /** Removes files that a kill has left without an owner. */
  sweep(owned: Iterable<string>): void {
    const kept = new Set([...owned].flatMap((files) => piecesOf(files).map((piece) => piece.name)));
    for (const file of readdirSync(this.#folder)) if (!kept.has(file)) rmSync(join(this.#folder, file), { force: true });
  }
}
