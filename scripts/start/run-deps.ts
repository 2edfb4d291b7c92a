import type { Display } from './summary.ts';

export interface RunDeps {
  /** Root of the repository. */
  readonly root: string;
  readonly display: Display;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Aborted by Ctrl-C, SIGTERM or the end of a process that the run cannot do without. */
  readonly signal: AbortSignal;
}
