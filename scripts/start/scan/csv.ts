import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A file's bytes, unpacked if its first bytes say gzip. */
export async function bytesOf(file: string): Promise<Readable> {
  const head = Buffer.alloc(2);
  const handle = await open(file);
  await handle.read(head, 0, 2, 0).finally(() => handle.close());
  const raw = createReadStream(file);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return raw;
  const plain = createGunzip();
  raw.once('error', (error) => plain.destroy(error));
  return raw.pipe(plain);
}

export type Encoding = 'utf8' | 'latin1';

export const textOf = async (file: string, encoding: Encoding = 'utf8'): Promise<Readable> => (await bytesOf(file)).setEncoding(encoding);

/** Lines of bytes, line ends included. */
export async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of bytes) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, at + 1)]);
      rest = [];
      from = at + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

/** Rows of CSV text (RFC 4180): the yardstick's own reader, which knows nothing of what the columns mean. */
export async function* csvRows(text: AsyncIterable<string>, delimiter = ','): AsyncGenerator<string[]> {
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  let closed = false; // a quote was just closed: another one is a quote in the text
  for await (const part of text) {
    for (const sign of part) {
      if (quoted && sign !== '"') cell += sign;
      else if (sign === '"') {
        if (closed) cell += '"';
        quoted = !quoted;
        closed = !quoted;
        continue;
      } else if (sign === delimiter) {
        row.push(cell);
        cell = '';
      } else if (sign === '\n') {
        yield [...row, cell];
        row = [];
        cell = '';
      } else if (sign !== '\r') cell += sign;
      closed = false;
    }
  }
  if (cell !== '' || row.length > 0) yield [...row, cell];
}

/** Billionths: every decimal of up to nine places is a whole number of them. */
const scale = 9;
export function billionths(text: string): bigint {
  const match = /^([+-]?)(\d+)(?:\.(\d{0,9}))?$/.exec(text.trim());
  if (!match) throw new Error(`"${text}" is no decimal number`);
  const value = BigInt(`${match[2]}${(match[3] ?? '').padEnd(scale, '0')}`);
  return match[1] === '-' ? -value : value;
}
export function decimalOf(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`.replace(/\.?0+$/, '');
  return value < 0n ? `-${text}` : text;
}

export interface Columns {
  readonly document: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly delimiter?: string;
  /** What stands before decimals. */
  readonly decimal?: string;
  readonly encoding?: Encoding;
  /** Regular expression whose match is no part of a document's number. */
  readonly strip?: string;
}

/** What a file says of itself: lines, documents with their lines and money (billionths), and the sum of it all. */
export interface FileTotals {
  readonly lines: number;
  readonly documents: ReadonlyMap<string, { lines: number; money: bigint }>;
  readonly money: bigint;
}

/** Where the columns are, by the file's first row. */
export type Places = (row: readonly string[]) => { readonly id: string; readonly money: () => bigint };

export function placesOf(header: readonly string[], { document, quantity, unitPrice, decimal = '.', strip }: Columns): Places {
  const names = header.map((name, at) => (at === 0 ? name.replace(/^\uFEFF/, '') : name).trim());
  const [id, count, price] = [names.indexOf(document), names.indexOf(quantity), names.indexOf(unitPrice)];
  const cut = strip === undefined ? undefined : new RegExp(strip, 'i');
  const amount = (text = ''): bigint => billionths(text.replace(decimal, '.'));
  return (row) => {
    const name = (row[id] ?? '').trim();
    return {
      id: cut ? name.replace(cut, '') : name,
      // (quantity × 10⁹) × (price × 10⁹) ÷ 10⁹: whole quantities leave nothing over
      money: () => (amount(row[count]) * amount(row[price])) / 10n ** BigInt(scale),
    };
  };
}

/** Adds up quantity × unit price, exactly. @throws Error naming the document that cannot be read */
export async function totalsOf(text: AsyncIterable<string>, columns: Columns): Promise<FileTotals> {
  const documents = new Map<string, { lines: number; money: bigint }>();
  let money = 0n;
  let lines = 0;
  let places: Places | undefined;
  for await (const row of csvRows(text, columns.delimiter)) {
    if (!places) {
      places = placesOf(row, columns);
      continue;
    }
    if (row.length === 1 && row[0] === '') continue;
    lines += 1;
    const { id, money: worth } = places(row);
    const value = worth();
    money += value;
    const document = documents.get(id);
    if (!document) documents.set(id, { lines: 1, money: value });
    else {
      document.lines += 1;
      document.money += value;
    }
  }
  return { lines, documents, money };
}
