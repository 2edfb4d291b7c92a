import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../intake/refusals.ts';
import type { ServerLimits } from './limits.ts';
import { announcedBytes } from './read-body.ts';

/** The sender waits for `100 Continue` before it writes its body. */
export const waitsToWrite = (request: IncomingMessage): boolean => request.headers.expect !== undefined;

function head({ status, headers, body }: Answer, close: boolean, response: ServerResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), ...(close ? { connection: 'close' } : {}) });
}

/** Answers a request that was read to its end. @param close the sender is told to open another connection for its next one */
export function respond(response: ServerResponse, answer: Answer, close: boolean): void {
  head(answer, close, response);
  response.end(answer.body);
}

/**
 * Answers a request of which nothing, or not all, was read. The answer goes out at once, whole; then what the sender
 * still writes is read and thrown away, for so long and so much: a connection closed under a writing sender is reset, and
 * the answer with it (https://www.rfc-editor.org/rfc/rfc9112#section-9.6).
 */
export function respondUnread(
  request: IncomingMessage, response: ServerResponse, answer: Answer, close: boolean,
  { discardBytes, discardMs }: Pick<ServerLimits, 'discardBytes' | 'discardMs'>,
): void {
  const announced = announcedBytes(request);
  const waits = waitsToWrite(request); // its body never comes
  if (waits || announced === 0 || request.complete) {
    respond(response, answer, close || waits);
    return;
  }

  head(answer, close || !(announced <= discardBytes), response);
  response.write(answer.body);
  let discarded = 0;
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const cut = (): void => {
    clearTimeout(timer);
    response.end(() => request.socket.destroy());
  };
  const timer = setTimeout(cut, discardMs);
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.byteLength;
    if (discarded > discardBytes) cut();
  });
  request.once('end', end);
  request.once('close', () => clearTimeout(timer));
  request.resume();
}
