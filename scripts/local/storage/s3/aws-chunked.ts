import { AwsError } from '../../service.ts';

/**
 * Takes the framing off an `aws-chunked` upload as it comes in. Each chunk is `<hex length>[;chunk-signature=…]\r\n<bytes>\r\n`;
 * after the chunk of length 0 come trailers (the checksum).
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export class ChunkDecoder {
  readonly trailers: Record<string, string> = {};
  readonly #write: (bytes: Buffer) => void;
  /** The start of a line whose end has not come yet. */
  #line = '';
  #state: 'length' | 'bytes' | 'end' | 'trailers' = 'length';
  #left = 0;

  constructor(write: (bytes: Buffer) => void) {
    this.#write = write;
  }

  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#state === 'bytes') {
        const part = bytes.subarray(at, at + this.#left);
        this.#write(part);
        at += part.length;
        this.#left -= part.length;
        if (this.#left === 0) this.#state = 'end';
        continue;
      }
      const newline = bytes.indexOf(10, at);
      this.#line += bytes.toString('latin1', at, newline < 0 ? bytes.length : newline);
      if (newline < 0) {
        if (this.#line.length > 8192) throw malformed();
        return;
      }
      at = newline + 1;
      const line = this.#line.replace(/\r$/, '');
      this.#line = '';
      this.#take(line);
    }
  }

  /** Whether the last chunk has come. */
  get complete(): boolean {
    return this.#state === 'trailers';
  }

  #take(line: string): void {
    if (this.#state === 'end') this.#state = 'length';
    else if (this.#state === 'trailers') {
      const colon = line.indexOf(':');
      if (colon > 0) this.trailers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    } else {
      const length = /^[\da-f]+/i.exec(line)?.[0];
      if (length === undefined) throw malformed();
      this.#left = Number.parseInt(length, 16);
      this.#state = this.#left === 0 ? 'trailers' : 'bytes';
    }
  }
}

const malformed = (): AwsError => new AwsError('InvalidRequest', 'The aws-chunked body is malformed');
