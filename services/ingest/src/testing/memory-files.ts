import { Readable } from 'node:stream';
import { bytesHash } from '@orderflow/shared/events';
import { LeaseLost, type Checkpoint, type CursorPort, type FileProgress } from '../take-file/progress.ts';
import type { FilePort } from '../take-file/object.ts';

/** Files in memory, by key, given out in small pieces. */
export function memoryFiles(held: Map<string, Buffer>, pieceBytes = 1_000): FilePort {
  return {
    async open(_bucket, key) {
      const body = held.get(key);
      if (!body) throw new Error(`no such file: ${key}`);
      const pieces = function* (): Generator<Buffer> {
        for (let at = 0; at < body.length; at += pieceBytes) yield body.subarray(at, at + pieceBytes);
      };
      return { etag: bytesHash(body), body: Readable.from(pieces()) };
    },
    read: async (_bucket, key) => held.get(key),
    etag: async (_bucket, key) => {
      const body = held.get(key);
      return body && bytesHash(body);
    },
  };
}

interface Entry {
  readonly etag: string;
  readonly owner: string;
  readonly leaseUntil: number;
  readonly status: FileProgress['status'];
  readonly progress?: FileProgress;
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
    async claim({ key, etag }, owner, leaseMs) {
      const entry = entries.get(key);
      const free = !entry || entry.etag !== etag || (entry.status === 'RUNNING' && entry.leaseUntil < clock());
      if (!free) return entry.status === 'RUNNING' ? 'busy' : 'done';
      const kept = entry?.etag === etag && entry.checkpoint ? { checkpoint: entry.checkpoint } : {};
      entries.set(key, { etag, owner, leaseUntil: clock() + leaseMs, status: 'RUNNING', ...kept });
      return 'mine';
    },
    async checkpoint({ key, etag }) {
      const entry = entries.get(key);
      return entry?.etag === etag && entry.checkpoint ? structuredClone(entry.checkpoint) : undefined;
    },
    async save({ key, etag }, owner, checkpoint, leaseMs) {
      entries.set(key, { ...mine(key, etag, owner), checkpoint: structuredClone(checkpoint), leaseUntil: clock() + leaseMs });
    },
    async release({ key, etag }, owner) {
      entries.set(key, { ...mine(key, etag, owner), leaseUntil: 0 });
    },
    async finish({ key, etag }, owner, progress) {
      entries.set(key, { ...mine(key, etag, owner), status: progress.status, progress, leaseUntil: 0 });
    },
    abandoned: async () =>
      [...entries].filter(([, { status, leaseUntil }]) => status === 'RUNNING' && leaseUntil < clock())
        .map(([key, { etag }]) => ({ bucket: 'intake', key, etag })),
  };
}
