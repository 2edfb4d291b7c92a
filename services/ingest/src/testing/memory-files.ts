import { Readable } from 'node:stream';
import { bytesHash } from '@orderflow/shared/events';
import { FileChanged, type FilePort } from '../take-file/object.ts';
import { LeaseLost } from '../cursors/leases.ts';
import type { Checkpoint, CursorPort, FileEnd, FileStatus } from '../take-file/progress.ts';

/** Files in memory, by key, given out in small pieces. `droppedAt`: of all of them. */
export function memoryFiles(
  held: Map<string, Buffer>, { pieceBytes = 1_000, droppedAt = () => 0 }: { readonly pieceBytes?: number; readonly droppedAt?: () => number } = {},
): FilePort {
  return {
    async head(_bucket, key) {
      const body = held.get(key);
      return body && { etag: bytesHash(body), size: body.length, modifiedAt: droppedAt() };
    },
    async open({ key, etag }, from) {
      const body = held.get(key);
      if (!body || bytesHash(body) !== etag) throw new FileChanged();
      const pieces = function* (): Generator<Buffer> {
        for (let at = from; at < body.length; at += pieceBytes) yield body.subarray(at, at + pieceBytes);
      };
      return Readable.from(pieces());
    },
    async *list() {
      for (const [key, body] of held) yield { key, etag: bytesHash(body), size: body.length, modifiedAt: droppedAt() };
    },
    read: async (_bucket, key) => held.get(key),
  };
}

interface Entry {
  readonly etag: string;
  readonly owner: string;
  readonly droppedAt: number;
  readonly leaseUntil: number;
  readonly movedAt: number;
  readonly status: FileStatus;
  readonly claims: number;
  readonly end?: FileEnd;
  readonly checkpoint?: Checkpoint;
}

/** Cursors in memory; the same conditions as the table's. */
export function memoryCursors(clock: () => number): CursorPort & { readonly entries: Map<string, Entry> } {
  const entries = new Map<string, Entry>();
  const mine = (key: string, etag: string, owner: string): Entry => {
    const entry = entries.get(key);
    if (entry?.owner !== owner || entry.etag !== etag) throw new LeaseLost();
    return entry;
  };
  return {
    entries,
    async claim({ key, etag }, droppedAt, owner, leaseMs) {
      const before = entries.get(key);
      const free = !before || before.etag !== etag || (before.status === 'RUNNING' && before.leaseUntil < clock()) ||
        (before.status === 'FAILED' && before.droppedAt < droppedAt);
      if (!free) return { outcome: before.status === 'RUNNING' ? 'busy' : 'done' };
      const resumed = before?.etag === etag && before.status === 'RUNNING';
      const kept = resumed ? before : { movedAt: clock(), claims: 0 };
      entries.set(key, { ...kept, etag, owner, droppedAt, leaseUntil: clock() + leaseMs, status: 'RUNNING', claims: kept.claims + 1 });
      return { outcome: 'mine', deaths: kept.claims, replaced: before?.status === 'RUNNING' && !resumed };
    },
    async checkpoint({ key, etag }) {
      const entry = entries.get(key);
      return entry?.etag === etag && entry.checkpoint ? structuredClone(entry.checkpoint) : undefined;
    },
    async save({ key, etag }, owner, checkpoint, _share, leaseMs) {
      entries.set(key, { ...mine(key, etag, owner), checkpoint: structuredClone(checkpoint), leaseUntil: clock() + leaseMs, movedAt: clock(), claims: 0 });
    },
    async release({ key, etag }, owner) {
      entries.set(key, { ...mine(key, etag, owner), leaseUntil: 0, claims: 0 });
    },
    async finish({ key, etag }, owner, end) {
      entries.set(key, { ...mine(key, etag, owner), status: end.status, end, leaseUntil: 0, movedAt: clock() });
    },
    known: async (key) => entries.get(key)?.etag,
    unfinished: async () =>
      [...entries].filter(([, { status }]) => status === 'RUNNING')
        .map(([key, { etag, leaseUntil, movedAt }]) => ({ file: { bucket: 'intake', key, etag }, abandoned: leaseUntil < clock(), movedAt })),
  };
}
