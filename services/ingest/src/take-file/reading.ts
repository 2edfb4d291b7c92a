import type { Account } from '@orderflow/shared/accounts';
import type { Clock, Log, Meter } from '@orderflow/shared/lambda';
import type { IntakeDeps, QuarantinePort, SinkPort } from '../intake/ports.ts';
import type { Mapping } from './mapping.ts';
import type { FilePort } from './object.ts';
import type { Opened } from './open-body.ts';
import type { Sidecar } from './plan.ts';
import type { Checkpoint, CursorPort, FileCounts, FileRef } from './progress.ts';

export interface TakeFileDeps {
  readonly accounts: IntakeDeps['accounts'];
  readonly files: FilePort;
  readonly cursors: CursorPort;
  readonly sink: SinkPort;
  readonly quarantine: QuarantinePort;
  readonly mappings: readonly Mapping[];
  /** Invokes this function again for the rest of a file. */
  readonly again: (file: FileRef) => Promise<void>;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** One way of reading a file: it takes its rows one after the other and can be set down between any two. */
export interface Reading {
  /** Reads on; each step ends between two rows. */
  readonly steps: AsyncGenerator<void>;
  /** Decompressed bytes before the place where a restart would begin. */
  at(): number;
  counts(): FileCounts;
  /** Where it stands, for a restart; right when nothing is under way. */
  checkpoint(): Checkpoint;
}

export interface ReadingParts {
  readonly file: FileRef;
  readonly opened: Opened;
  readonly account: Account;
  readonly sidecar: Sidecar;
  readonly historical: boolean;
  /** Milliseconds since 1970. */
  readonly droppedAt: number;
  readonly deps: TakeFileDeps;
  /** Starts work that makes something of so many bytes durable; waits while enough is under way. */
  readonly start: (work: () => Promise<void>, bytes: number) => Promise<void>;
}

export type Outcome = 'done' | 'refused' | 'continued' | 'busy' | 'gone';

/** A reader that has not been heard of for this long is dead: longer than what is under way may take while streams refuse. */
export const leaseMs = 60_000;
