import type { Form } from './open-body.ts';
import type { GroupingState } from './documents.ts';
import type { Sidecar } from './plan.ts';

/** How far a file has been read; what its report says. Counts only, never content. */
export interface FileCounts {
  /** Lines read, header included. */
  readonly rows: number;
  /** Deliveries: documents of a CSV file, lines of a JSON-lines file. */
  readonly documents: number;
  readonly events: number;
  /** Lines in quarantine. */
  readonly rejected: number;
  /** Codes that the mapping's rules do not know, taken as products; of many kinds the first hundred. */
  readonly unknownCodes: Readonly<Record<string, number>>;
}

/** What a restart needs: the position after the last record whose document is durable or open, and what is open. */
export interface Checkpoint {
  readonly form: Form;
  /** How the file was to be read when its reading began. */
  readonly sidecar: Sidecar;
  /** Decompressed bytes. */
  readonly offset: number;
  readonly header: readonly string[];
  readonly grouping: GroupingState;
  readonly counts: FileCounts;
}

export interface FileRef {
  readonly bucket: string;
  readonly key: string;
  /** Version of the content: another etag under the same key is another file. */
  readonly etag: string;
}

export type FileStatus = 'RUNNING' | 'DONE' | 'FAILED';

/** The end of one file as kept in the cursors table, under `file#<key>`. */
export interface FileEnd {
  readonly status: Exclude<FileStatus, 'RUNNING'>;
  /** Absent: those of the last checkpoint stand. */
  readonly counts?: FileCounts;
  /** Why it failed, one line. */
  readonly message?: string;
}

/** How much of an object has been read, bytes. */
export interface Share {
  readonly read: number;
  readonly size: number;
}

/**
 * `busy`: another invocation reads it. `done`: this content was read to its end, or given up and not dropped anew since.
 * `deaths`: how many readers before this one died without getting on.
 */
export type Claim =
  | { readonly outcome: 'mine'; readonly deaths: number; readonly replaced: boolean }
  | { readonly outcome: 'busy' | 'done' };

/** A file that is not finished. */
export interface Unfinished {
  readonly file: FileRef;
  /** Its reader has not been heard of for longer than its lease. */
  readonly abandoned: boolean;
  /** When it last got on, milliseconds since 1970. */
  readonly movedAt: number;
}

/** Who reads a file, and how far: one reader at a time. */
export interface CursorPort {
  /** Takes the file for `leaseMs`, or says why not. `droppedAt`: a file that was given up is read anew if it was dropped since. */
  claim(file: FileRef, droppedAt: number, owner: string, leaseMs: number): Promise<Claim>;
  /** The last checkpoint of this content. */
  checkpoint(file: FileRef): Promise<Checkpoint | undefined>;
  /** Writes a checkpoint and renews the lease. @throws LeaseLost when another invocation has taken the file over */
  save(file: FileRef, owner: string, checkpoint: Checkpoint, share: Share, leaseMs: number): Promise<void>;
  /** Gives the file up unfinished: the next invocation goes on from the checkpoint. */
  release(file: FileRef, owner: string): Promise<void>;
  finish(file: FileRef, owner: string, end: FileEnd): Promise<void>;
  /** The content under this name that was last claimed, by its etag. */
  known(key: string): Promise<string | undefined>;
  /** Files that are not finished. */
  unfinished(): Promise<readonly Unfinished[]>;
}

export const noCounts: FileCounts = { rows: 0, documents: 0, events: 0, rejected: 0, unknownCodes: {} };
