import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { FileRefused } from './plan.ts';

/** What a file is, judged by its content. */
export interface Form {
  readonly format: 'csv' | 'jsonl';
  /** gzip: it can only be read from its beginning. */
  readonly packed: boolean;
}

/** A file opened for reading. */
export interface Opened {
  readonly form: Form;
  /** Decompressed bytes. */
  readonly bytes: AsyncIterable<Buffer>;
  /** Bytes of the object that have been read so far: of its size, the share that is done. */
  readonly read: () => number;
}

type Bytes = AsyncIterable<Buffer>;

/** The first bytes of a stream, until they are `enough` or all, and the stream with them put back. */
async function peek(stream: Bytes, enough: (head: Buffer) => boolean): Promise<readonly [head: Buffer, whole: Bytes]> {
  const iterator = stream[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  let over = false;
  while (!over && !enough(head)) {
    const next = await iterator.next();
    over = next.done === true;
    if (next.done !== true) head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  async function* whole(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    if (!over) yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return [head, whole()];
}

/** Decompressed bytes; several gzip members are one content (RFC 1952, 2.2). @throws FileRefused past `mostBytes` */
export async function* inflate(stream: Bytes, mostBytes: number): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const feeding = pipeline(stream, gunzip).catch(() => undefined); // what goes wrong there comes out of gunzip
  let bytes = 0;
  try {
    for await (const chunk of gunzip as Bytes) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw new FileRefused(`the file unpacks to more than ${mostBytes} bytes, far more than gzip makes of data; unpack it and drop its parts`);
      yield chunk;
    }
  } finally {
    gunzip.destroy();
    await feeding;
  }
}

/** gzip packs text 3 to 20 times and nothing more than 1,032 times: what is far off is no data but a bomb. */
const mostInflated = (size: number): number => 1_000_000_000 + 200 * size;

/** Leaves the first `count` bytes out. */
async function* skip(stream: Bytes, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of stream) {
    const from = Math.min(left, chunk.length);
    left -= from;
    if (from < chunk.length) yield chunk.subarray(from);
  }
}

const startsWith = (head: Buffer, bytes: readonly number[]): boolean => bytes.every((byte, at) => head[at] === byte);
/** A file that begins with more than this of nothing holds nothing. */
const mostBlank = 100_000;
const gzip = [0x1f, 0x8b];

/** What is no text in UTF-8, by its first bytes, and what to do. */
const refusedForms: readonly (readonly [bytes: readonly number[], why: string])[] = [
  [gzip, 'is gzip within gzip: unpack it once'],
  [[0x50, 0x4b, 0x03, 0x04], 'is a ZIP archive or an Excel workbook: save each table as CSV'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'is an Excel workbook: save each table as CSV'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'is packed with zstd: unpack it, or pack it with gzip'],
  [[0xff, 0xfe], 'is UTF-16: save it as UTF-8'],
  [[0xfe, 0xff], 'is UTF-16: save it as UTF-8'],
];

function refuseForms(head: Buffer): void {
  for (const [bytes, why] of refusedForms) if (startsWith(head, bytes)) throw new FileRefused(`the file ${why}`);
  // ASCII in UTF-16 without a mark: every second byte is 0
  if (head.subarray(0, 2).includes(0)) throw new FileRefused('the file begins with NUL bytes, so it is no text in UTF-8 (UTF-16?): save it as UTF-8');
}

const shown = (head: Buffer): string => head.toString('utf8').replace(/^\uFEFF/, '').trimStart();

/** The object's bytes, and how many of them have been taken. */
function counted(body: Readable, from: number): { readonly bytes: Bytes; readonly read: () => number } {
  let read = from;
  async function* bytes(): AsyncGenerator<Buffer> {
    for await (const chunk of body as Bytes) {
      read += chunk.length;
      yield chunk;
    }
  }
  return { bytes: bytes(), read: () => read };
}

/**
 * Opens a file at its beginning: unpacked if it is gzip, JSON lines if its first sign is `{` or `[` and no mapping says
 * CSV. @throws FileRefused, saying what to do, when it is no text that can be read
 */
export async function openText(body: Readable, size: number, mapped: boolean): Promise<Opened> {
  const { bytes, read } = counted(body, 0);
  const [magic, raw] = await peek(bytes, (head) => head.length >= gzip.length);
  const packed = startsWith(magic, gzip);
  const [head, text] = await peek(packed ? inflate(raw, mostInflated(size)) : raw, (first) => first.length >= 64 && (shown(first) !== '' || first.length > mostBlank));
  refuseForms(head);
  const first = shown(head)[0];
  if (first === undefined) throw new FileRefused('the file is empty');
  return { form: { format: !mapped && (first === '{' || first === '[') ? 'jsonl' : 'csv', packed }, bytes: text, read };
}

/** Where the object must be asked for so that reading can go on at `offset` decompressed bytes. */
export const objectOffset = ({ packed }: Form, offset: number): number => (packed ? 0 : offset);

/** Goes on at `offset`; `body` begins at {@link objectOffset}. What is gzip is unpacked once more from its beginning. */
export function resumeText(body: Readable, form: Form, offset: number, size: number): Opened {
  const { bytes, read } = counted(body, objectOffset(form, offset));
  return { form, bytes: form.packed ? skip(inflate(bytes, mostInflated(size)), offset) : bytes, read };
}
