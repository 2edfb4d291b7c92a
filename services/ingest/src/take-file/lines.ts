/** One physical line of a file. */
export interface Line {
  /** The first line is 1. */
  readonly number: number;
  /** Its bytes, line end included; of a line over the limit only the beginning. */
  readonly bytes: Buffer;
  readonly tooLong: boolean;
  /** Decompressed bytes of the file before it, and up to its end. */
  readonly offset: number;
  readonly end: number;
}

/** Where reading starts: at the top, or where a checkpoint stands. */
export interface Start {
  readonly offset: number;
  /** Lines before it. */
  readonly lines: number;
}

const newLine = 0x0a;
/** A longer line, and a longer record, is no data (the source sends up to 10 MB); of such a line only this is kept. */
export const mostBytes = 10_000_000;
const keptOfTooLong = 1_000;

/**
 * Lines of a stream with their positions, in batches of what one piece of the stream holds: a promise a line would cost
 * more than reading it. Nothing is read ahead.
 */
export async function* linesOf(stream: AsyncIterable<Buffer>, start: Start): AsyncGenerator<readonly Line[]> {
  let number = start.lines;
  let offset = start.offset;
  let parts: Buffer[] = [];
  let length = 0;

  const keep = (part: Buffer): void => {
    length += part.length;
    if (length <= mostBytes) parts.push(part);
  };
  const take = (): Line => {
    const tooLong = length > mostBytes;
    // a copy of the beginning of what is too long: a piece of it would hold the whole in memory
    const bytes = tooLong ? Buffer.concat(parts, keptOfTooLong) : parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    const line = { number: ++number, bytes, tooLong, offset, end: offset + length };
    offset += length;
    parts = [];
    length = 0;
    return line;
  };

  for await (const chunk of stream) {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(newLine); at >= 0; at = chunk.indexOf(newLine, from)) {
      keep(chunk.subarray(from, at + 1));
      from = at + 1;
      lines.push(take());
    }
    if (from < chunk.length) keep(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [take()];
}
