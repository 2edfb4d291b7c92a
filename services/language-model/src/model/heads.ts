import type { Window } from './windows.ts';

export interface Row {
  readonly window: Window;
  readonly facts: readonly number[];
}

/** What the network says of one row. */
export interface Logits {
  /** approve, reject, review. */
  readonly decision: readonly number[];
  /** In the order of `reasonCategories`. */
  readonly reason: readonly number[];
  readonly sentiment: number;
  readonly injection: number;
}

/** The network: rows of any lengths in, their logits in the same order out. */
export interface Heads {
  run(rows: readonly Row[]): Promise<Logits[]>;
}
