import type { Scene } from './world/scene.ts';

/** One fault of the list in FAULTS.md, and what must be true of it. */
export interface Fault {
  /** As FAULTS.md numbers it. */
  readonly number: string;
  /** What must be true, in a few words. */
  readonly title: string;
  /** The guards that keep it true, by id (guards/list.ts), or in words where nothing of ours can be taken away. */
  readonly guards: readonly string[];
  /** Part of the subset that every change is checked with. */
  readonly quick?: true;
  /** Does it and looks. @throws Red, or any other error, when it is not true */
  readonly run: (scene: Scene) => Promise<void>;
}

/** A fault whose part of the product does not exist yet. */
export interface Missing {
  readonly number: string;
  readonly title: string;
  /** The work that brings it. */
  readonly comesWith: string;
}

/** What must be true is not: the fault is red. */
export class Red extends Error {}

/** @throws Red */
export function must(holds: boolean, line: string): asserts holds {
  if (!holds) throw new Red(line);
}

/** @throws Red showing both */
export function mustBe(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Red(`${what}: ${is}, expected ${should}`);
}
