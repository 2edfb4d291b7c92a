import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const gunzipped = promisify(gunzip);

/** Why a body cannot be inflated: `encoding` → 415, `too-large` → 413, `corrupt` → 400. */
export type NotInflated = 'encoding' | 'too-large' | 'corrupt';

/** What a 415 says is taken (https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16). */
export const takenEncodings = 'gzip, identity';

const codeOf = (error: unknown): unknown => (typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined);

/**
 * The body as the sender wrote it, its content encoding undone. Senders who compress sign what they compressed, not what
 * they sent (https://getstream.io/chat/docs/node/webhooks_overview, and Quicknode Streams, say so; servers that inflate
 * by themselves leave a receiver nothing else), so this comes before the signature is checked, and must therefore be
 * cheap for whoever is not genuine: it ends at the first block over `mostBytes`, never holding more, off the main thread.
 * Only gzip is taken: no source sends `br`, and `deflate` means two formats in practice.
 * @param encoding the Content-Encoding header
 */
export async function inflated(body: Uint8Array, encoding: string | undefined, mostBytes: number): Promise<Uint8Array | NotInflated> {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return body;
  if (name !== 'gzip' && name !== 'x-gzip') return 'encoding';
  try {
    return await gunzipped(body, { maxOutputLength: mostBytes });
  } catch (error) {
    return codeOf(error) === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'corrupt';
  }
}
