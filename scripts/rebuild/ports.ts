import type { LambdaClient } from '@aws-sdk/client-lambda';

/** What the ways of a rebuild need of the world. */
export interface RebuildDeps {
  readonly client: Pick<LambdaClient, 'send'>;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  /** A result, to standard output. */
  readonly out: (line: string) => void;
  /** How far it is, 0 to 1. */
  readonly show: (share: number, text: string) => void;
  readonly note: (line: string) => void;
  /** The file's text; undefined where there is none. */
  readonly read: (file: string) => string | undefined;
  readonly write: (file: string, text: string) => void;
}
