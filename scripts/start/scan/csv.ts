import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A file as text, unpacked if its first bytes say gzip. */
export async function textOf(file: string): Promise<Readable> {
  const head = Buffer.alloc(2);
  const handle = await open(file);
  await handle.read(head, 0, 2, 0).finally(() => handle.close());
  const raw = createReadStream(file);
  if (head[0] !== 0x1f || head[1] !== 0x8b) return raw.setEncoding('utf8');
  const plain = createGunzip();
  raw.once('error', (error) => plain.destroy(error));
  return raw.pipe(plain).setEncoding('utf8');
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
}

/** What a file says of itself: lines, documents with their lines and money (billionths), and the sum of it all. */
export interface FileTotals {
  readonly lines: number;
  readonly documents: ReadonlyMap<string, { lines: number; money: bigint }>;
  readonly money: bigint;
}

/** Adds up quantity × unit price, exactly. @throws Error naming the line that cannot be read */
export async function totalsOf(file: string, columns: Columns): Promise<FileTotals> {
  const documents = new Map<string, { lines: number; money: bigint }>();
  let money = 0n;
  let lines = 0;
  let at: readonly [number, number, number] | undefined;
  for await (const row of csvRows(await textOf(file), columns.delimiter)) {
    if (!at) {
      row[0] = row[0]?.replace(/^\uFEFF/, '') ?? '';
      at = [row.indexOf(columns.document), row.indexOf(columns.quantity), row.indexOf(columns.unitPrice)];
      continue;
    }
    if (row.length === 1 && row[0] === '') continue;
    lines += 1;
    const id = (row[at[0]] ?? '').trim();
    // (quantity × 10⁹) × (price × 10⁹) ÷ 10⁹: whole quantities leave nothing over
    const value = (billionths(row[at[1]] ?? '') * billionths(row[at[2]] ?? '')) / 10n ** BigInt(scale);
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
