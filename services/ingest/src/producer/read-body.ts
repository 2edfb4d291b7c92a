import type { IncomingMessage } from 'node:http';

/** Why a body was not read to its end; `gone`: its sender left. */
export type Unread = 'too-large' | 'no-room' | 'gone';

/** The length that the headers announce, bytes; NaN where they announce none (a body in chunks). */
export const announcedBytes = ({ headers }: IncomingMessage): number =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : Number.NaN;

/**
 * The body, byte for byte, read no further than `mostBytes`.
 * @param grow told of all that arrives; false ends the reading
 */
export function readBody(request: IncomingMessage, mostBytes: number, grow: (bytes: number) => boolean): Promise<Buffer | Unread> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (outcome: Buffer | Unread): void => {
      request.off('data', take);
      request.off('end', end);
      request.off('close', leave);
      resolve(outcome);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.byteLength;
      if (length > mostBytes) settle('too-large');
      else if (!grow(chunk.byteLength)) settle('no-room');
      else chunks.push(chunk);
    };
    // a copy, of exactly its size: chunks are views of buffers that sockets share
    const end = (): void => settle(Buffer.concat(chunks, length));
    const leave = (): void => settle('gone');
    request.on('data', take);
    request.on('end', end);
    request.on('close', leave);
  });
}
