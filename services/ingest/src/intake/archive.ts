import type { ObjectPort } from '@orderflow/shared/stream';
import { archiveWriter, type ArchiveTools, type WriterLimits } from './archive-writer.ts';
import { askedFor } from './delivery.ts';
import { keptHeaders } from './headers.ts';
import type { ArchivePort } from './ports.ts';

export interface ArchiveLimits extends WriterLimits {
  /** An object is closed at this size … */
  readonly bytes: number;
  /** … or at this age, milliseconds. */
  readonly ageMs: number;
}

const usual: ArchiveLimits = { bytes: 4_000_000, ageMs: 1_000, heldBytes: 64_000_000, inFlight: 8, patienceMs: 600_000, flushMs: 5_000 };

const lineEnd = Buffer.from('\n');

/**
 * The raw archive on S3: many deliveries an object, `raw/<yyyy>/<mm>/<dd>/<hh>/<writer>-<n>`. Each is one line of JSON
 * (source, account, headers, time, length) and then the bytes as they came. Key and byte range are fixed when a delivery
 * is added, before the object is written, so that events can point to it without waiting. It never holds up an answer:
 * what is lost (killed before it was written, or given up) leaves a rawref that points to nothing. Its events are whole
 * without it, and what could not be read lies in quarantine with bytes of its own.
 */
export function s3Archive(
  objects: ObjectPort, bucket: string, tools: ArchiveTools & { readonly newId: () => string }, changes: Partial<ArchiveLimits> = {},
): ArchivePort {
  const limits = { ...usual, ...changes };
  const writer = archiveWriter(objects, bucket, tools, limits);
  const me = tools.newId();
  let opened = 0;
  let open: { readonly key: string; readonly chunks: Uint8Array[]; bytes: number; payloads: number; readonly age: NodeJS.Timeout } | undefined;

  const folder = (): string => `raw/${new Date(tools.clock()).toISOString().slice(0, 13).replace(/[-T]/g, '/')}`;

  const close = (): void => {
    if (!open) return;
    clearTimeout(open.age);
    writer.write(open);
    open = undefined;
  };

  const start = (): NonNullable<typeof open> => {
    const age = setTimeout(close, limits.ageMs);
    age.unref();
    return { key: `${folder()}/${me}-${opened++}`, chunks: [], bytes: 0, payloads: 0, age };
  };

  return {
    add(delivery) {
      const { source, account, body, receivedAt } = delivery;
      const about = {
        source, account, receivedAt: new Date(receivedAt).toISOString(), ...askedFor(delivery), headers: keptHeaders(delivery),
        bytes: body.byteLength,
      };
      const head = Buffer.from(`${JSON.stringify(about)}\n`);
      const size = head.byteLength + body.byteLength + lineEnd.byteLength;
      // a name that is never written
      if (!writer.hold(size)) return `s3://${bucket}/${folder()}/${me}-lost#0,${body.byteLength}`;
      open ??= start();
      const { key } = open;
      const offset = open.bytes + head.byteLength;
      open.chunks.push(head, body, lineEnd);
      open.bytes += size;
      open.payloads++;
      if (open.bytes >= limits.bytes) close();
      return `s3://${bucket}/${key}#${offset},${body.byteLength}`;
    },
    async flush() {
      close();
      await writer.flush();
    },
  };
}
