import type { GroupingState } from './documents.ts';

/** How far a file has been read; what its report says. Counts only, never content. */
export interface FileCounts {
  /** Lines read, header included. */
  readonly rows: number;
  /** Deliveries: documents of a CSV file, lines of a JSON-lines file. */
  readonly documents: number;
  readonly events: number;
  readonly rejected: number;
  /** Codes that the mapping's rules do not know, taken as products. */
  readonly unknownCodes: Readonly<Record<string, number>>;
  /** Σ (exact − rounded) line totals, decimal text. */
  readonly remainder: string;
  readonly remainderLines: number;
}

/** What a restart needs: the position after the last record whose document is durable or open, and what is open. */
export interface Checkpoint {
  /** Decompressed bytes. */
  readonly offset: number;
  readonly header: readonly string[];
  readonly grouping: GroupingState;
  readonly counts: FileCounts;
  /** Ids of the events whose totals were rounded. */
  readonly roundedEvents: readonly string[];
  /** Latest time of a document, for the line that names the remainder. */
  readonly latest: string;
}

export interface FileRef {
  readonly bucket: string;
  readonly key: string;
  /** Version of the content: another etag under the same key is another file. */
  readonly etag: string;
}

export type FileStatus = 'RUNNING' | 'DONE' | 'FAILED';

/** Progress of one file as kept in the cursors table, under `file#<key>`. */
export interface FileProgress {
  readonly etag: string;
  readonly status: FileStatus;
  readonly counts: FileCounts;
  /** Why it failed, one line. */
  readonly message?: string;
}

/** Who reads a file, and how far: one reader at a time. */
export interface CursorPort {
  /**
   * Takes the file for `leaseMs`, or says why not. `done`: this content was read to its end or given up; `busy`: another
   * invocation holds it.
   */
  claim(file: FileRef, owner: string, leaseMs: number): Promise<'mine' | 'busy' | 'done'>;
  /** The last checkpoint of this content. */
  checkpoint(file: FileRef): Promise<Checkpoint | undefined>;
  /** Writes a checkpoint and renews the lease. @throws LeaseLost when another invocation has taken the file over */
  save(file: FileRef, owner: string, checkpoint: Checkpoint, leaseMs: number): Promise<void>;
  /** Gives the file up unfinished: the next invocation goes on from the checkpoint. */
  release(file: FileRef, owner: string): Promise<void>;
  finish(file: FileRef, owner: string, progress: FileProgress): Promise<void>;
  /** Files that nobody reads although they are not finished: a reader died. */
  abandoned(): Promise<readonly FileRef[]>;
}

/** Another invocation reads the file now; this one must stop without a trace. */
export class LeaseLost extends Error {
  constructor() {
    super('another invocation has taken this file over');
    this.name = 'LeaseLost';
  }
}

export const noCounts: FileCounts = {
  rows: 0, documents: 0, events: 0, rejected: 0, unknownCodes: {}, remainder: '0', remainderLines: 0,
};
