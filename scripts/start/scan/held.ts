import { bytesOf, csvRows, linesOf, placesOf, textOf, totalsOf, type Columns, type FileTotals } from './csv.ts';

/** A line of a file in quarantine: the number that its entry names, and its bytes. */
export interface HeldLine {
  readonly id: string;
  readonly number: number;
  readonly raw: Buffer;
}

/** A file without what is in quarantine of it, and what that is. */
export interface FileShares {
  /** What must be in the warehouse. */
  readonly rest: FileTotals;
  readonly held: {
    readonly lines: number;
    /** Their money where it can be read (billionths); of the others how many there are. */
    readonly money: bigint;
    readonly unreadable: number;
    /** Documents that are not in the rest, as far as their numbers can be read. */
    readonly documents: ReadonlySet<string>;
    /** Entries whose bytes stand in the file on the line that they name; no other line is left out of the rest. */
    readonly ids: ReadonlySet<string>;
  };
}

/** Of a line over this only the beginning is kept in quarantine, bytes. */
const mostBytes = 10_000_000;

const isHeld = (line: Buffer, raw: Buffer): boolean => line.equals(raw) || (line.length > mostBytes && line.subarray(0, raw.length).equals(raw));

/**
 * Reads the file once more, line by line, leaving out what is in quarantine: only lines whose entry holds exactly the
 * bytes that the file has there. So nothing can be in quarantine that the file does not hold, and nothing missing from
 * the warehouse that is not in quarantine.
 */
export async function sharesOf(file: string, columns: Columns, held: readonly HeldLine[]): Promise<FileShares> {
  const byNumber = new Map<number, HeldLine[]>();
  for (const one of held) byNumber.set(one.number, [...(byNumber.get(one.number) ?? []), one]);
  const ids = new Set<string>();
  const out: string[] = [];
  const encoding = columns.encoding ?? 'utf8';

  async function* rest(): AsyncGenerator<string> {
    let number = 0;
    /** Lines that may be the beginning of a record of several lines. */
    let waiting: { readonly bytes: Buffer; readonly of: readonly HeldLine[] } | undefined;
    for await (const line of linesOf((await bytesOf(file)) as AsyncIterable<Buffer>)) {
      number += 1;
      const bytes = waiting ? Buffer.concat([waiting.bytes, line]) : line;
      const of = (waiting?.of ?? byNumber.get(number) ?? []).filter(({ raw }) => isHeld(bytes, raw) || raw.subarray(0, bytes.length).equals(bytes));
      const whole = of.filter(({ raw }) => isHeld(bytes, raw));
      if (whole.length > 0) {
        for (const { id } of whole) ids.add(id);
        out.push(bytes.length > mostBytes ? '' : bytes.toString(encoding));
        waiting = undefined;
      } else if (of.length > 0) waiting = { bytes, of };
      else {
        waiting = undefined;
        yield bytes.toString(encoding);
      }
    }
    if (waiting) yield waiting.bytes.toString(encoding);
  }

  const totals = await totalsOf(rest(), columns);
  let money = 0n;
  let unreadable = 0;
  const documents = new Set<string>();
  const header = await headerOf(file, columns);
  const places = placesOf(header, columns);
  for (const text of out) {
    // a broken line is read as far as it can be: without its marks
    const [row = []] = [...(await rowsIn(text, columns)).filter(({ length }) => length === header.length), ...(await rowsIn(text.replaceAll('"', ''), columns))];
    const { id, money: worth } = places(row);
    if (id !== '' && !totals.documents.has(id)) documents.add(id);
    try {
      if (row.length !== header.length) throw new Error('has other columns');
      money += worth();
    } catch {
      unreadable += 1;
    }
  }
  return { rest: totals, held: { lines: out.length, money, unreadable, documents, ids } };
}

const rowsIn = (text: string, { delimiter }: Columns): Promise<string[][]> =>
  Array.fromAsync(csvRows((async function* () { yield text; })(), delimiter));

export async function headerOf(file: string, { delimiter, encoding }: Pick<Columns, 'delimiter' | 'encoding'>): Promise<string[]> {
  const text = await textOf(file, encoding);
  for await (const row of csvRows(text, delimiter)) {
    text.destroy();
    return row.map((name) => name.replace(/^\uFEFF/, '').trim());
  }
  return [];
}
