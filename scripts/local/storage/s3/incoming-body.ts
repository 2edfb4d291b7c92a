import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AwsError } from '../../service.ts';
import { ChunkDecoder } from './aws-chunked.ts';
import type { Bodies, Body } from './bodies.ts';
import { checksum, headerOf, isAlgorithm } from './checksums.ts';
import type { Algorithm } from './checksums.ts';

/** An uploaded body, on disk if it is large, and what was found while it came in. */
export interface IncomingBody extends Body {
  readonly size: number;
  /** Hex. */
  readonly md5: string;
  /** Header of the checksum that the uploader gave, verified: `x-amz-checksum-crc32`. */
  readonly checksums: Readonly<Record<string, string>>;
  /** Bytes on the wire. */
  readonly received: number;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A single PUT and a part may have so many bytes. */
const MOST_BYTES = 5 * 1024 ** 3;
const tooLarge = (): AwsError => new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, { MaxSizeAllowed: MOST_BYTES });

const isChunked = (headers: Headers): boolean => String(headers['content-encoding'] ?? '').includes('aws-chunked') || String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');

/** The one algorithm whose checksum comes with the body, as a header or behind it. */
function algorithmOf(headers: Headers): Algorithm | undefined {
  const named = Object.keys(headers).find((name) => name.startsWith('x-amz-checksum-') && isAlgorithm(name.slice(15)))?.slice(15)
    ?? String(headers['x-amz-trailer'] ?? '').toLowerCase().split(',').map((name) => name.trim().replace('x-amz-checksum-', '')).find(isAlgorithm)
    ?? String(headers['x-amz-sdk-checksum-algorithm'] ?? '').toLowerCase();
  return isAlgorithm(named) ? named : undefined;
}

/** Reads an upload without ever holding more of it than a few chunks. @throws AwsError BadDigest, IncompleteBody, EntityTooLarge; nothing is left behind then */
export async function takeBody(request: IncomingMessage, bodies: Bodies, asFile = false): Promise<IncomingBody> {
  const { headers } = request;
  const announced = headers['x-amz-decoded-content-length'] ?? (isChunked(headers) ? undefined : headers['content-length']);
  if (Number(announced ?? 0) > MOST_BYTES) throw tooLarge();
  const writer = bodies.writer(asFile);
  try {
    const md5 = createHash('md5');
    const algorithm = algorithmOf(headers);
    const sum = algorithm && checksum(algorithm);
    let size = 0;
    let received = 0;
    const take = (bytes: Buffer): void => {
      size += bytes.length;
      if (size > MOST_BYTES) throw tooLarge();
      md5.update(bytes);
      sum?.update(bytes);
      writer.write(bytes);
    };
    const decoder = isChunked(headers) ? new ChunkDecoder(take) : undefined;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (decoder) decoder.push(chunk);
      else take(chunk);
    }
    if (decoder?.complete === false || (announced !== undefined && Number(announced) !== size)) throw new AwsError('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header');
    const hex = md5.digest('hex');
    const given = headers['content-md5'] as string | undefined;
    if (given !== undefined && Buffer.from(given, 'base64').toString('hex') !== hex) throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
    const checksums: Record<string, string> = {};
    if (algorithm && sum) {
      const name = headerOf(algorithm);
      const value = sum.digest();
      const claimed = (headers[name] ?? decoder?.trailers[name]) as string | undefined;
      if (claimed !== undefined && claimed !== value) throw new AwsError('BadDigest', `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`);
      checksums[name] = value;
    }
    return { ...writer.done(), size, md5: hex, checksums, received };
  } catch (error) {
    writer.discard();
    throw error;
  }
}
