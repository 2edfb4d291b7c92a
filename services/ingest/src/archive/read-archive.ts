import * as z from 'zod/mini';
import { askedFor, type Delivery } from '../intake/delivery.ts';

/** A delivery as it lies in the raw archive. */
export interface Archived {
  readonly kind: 'delivery';
  /** As `interpret` takes it: the same bytes, headers and time, so that it says the same again. */
  readonly delivery: Delivery;
  /** Where its body begins in the object, and how long it is, bytes. */
  readonly offset: number;
  readonly bytes: number;
  /** Its body was blanked since, because somebody it named was forgotten. */
  readonly erased: boolean;
}

/** The rest of an object cannot be read: from `offset` on. */
export interface Damaged {
  readonly kind: 'damaged';
  readonly offset: number;
  readonly reason: 'head' | 'body' | 'end';
}

const newline = 0x0a;
const blank = 0x00;

/** The line before a body, as `s3Archive` writes it. */
const head = z.object({
  source: z.string().check(z.minLength(1)),
  account: z.string().check(z.minLength(1)),
  receivedAt: z.iso.datetime(),
  headers: z.record(z.string(), z.string()),
  bytes: z.int().check(z.nonnegative()),
  via: z.optional(z.enum(['fetch', 'poll'])),
  topic: z.optional(z.string()),
  cause: z.optional(z.string()),
});

function readHead(line: Uint8Array): z.infer<typeof head> | undefined {
  try {
    return head.safeParse(JSON.parse(Buffer.from(line).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

/** No sender writes a body of NULs: none of the formats that we read can begin with one. */
const isBlank = (body: Uint8Array): boolean => body.byteLength > 0 && body.every((byte) => byte === blank);

/** Blanks a body in place: every offset and length in the object, and every `rawref` to it, stays true. */
export const blankBody = (object: Uint8Array, { offset, bytes }: Pick<Archived, 'offset' | 'bytes'>): void =>
  void object.fill(blank, offset, offset + bytes);

function readAt(object: Uint8Array, at: number): Archived | Damaged {
  const end = object.indexOf(newline, at);
  const about = end === -1 ? undefined : readHead(object.subarray(at, end));
  if (!about) return { kind: 'damaged', offset: at, reason: 'head' };
  const { source, account, headers, bytes } = about;
  const offset = end + 1;
  const next = offset + bytes;
  if (next > object.byteLength) return { kind: 'damaged', offset: at, reason: 'body' };
  if (object[next] !== newline) return { kind: 'damaged', offset: at, reason: 'end' };
  const body = object.subarray(offset, next);
  return {
    kind: 'delivery', offset, bytes, erased: isBlank(body),
    delivery: { source, account, method: 'POST', url: '', headers, body, receivedAt: Date.parse(about.receivedAt), ...askedFor(about) },
  };
}

/**
 * The deliveries of one object of the raw archive, in the order in which they came: what `s3Archive` wrote. The archive
 * keeps neither address nor method, which only signatures and challenges need.
 * @yields Damaged once, and nothing after it, when the object ends in the middle of a delivery or is none of ours
 */
export function* readArchive(object: Uint8Array): Generator<Archived | Damaged, undefined> {
  let at = 0;
  while (at < object.byteLength) {
    const one = readAt(object, at);
    yield one;
    if (one.kind === 'damaged') return;
    at = one.offset + one.bytes + 1;
  }
}
