import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** A guard that was really taken away: a build without it was run against its faults. */
export interface Tried {
  readonly guard: string;
  readonly result: 'red' | 'green';
  /** Fault that turned red, or was expected to. */
  readonly fault: string;
  /** What it then said. */
  readonly detail: string;
  /** ISO day. */
  readonly date: string;
  /** Of the repository, seven digits. */
  readonly commit: string;
}

export const readTried = (file: string): Map<string, Tried> =>
  new Map(existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Tried[]).map((one) => [one.guard, one]) : []);

/** Sorted by guard, a line each, so that a change reads as one. */
export function writeTried(file: string, tried: ReadonlyMap<string, Tried>): void {
  const lines = [...tried.values()].sort((a, b) => (a.guard < b.guard ? -1 : 1)).map((one) => `  ${JSON.stringify(one)}`);
  writeFileSync(`${file}.new`, `[\n${lines.join(',\n')}\n]\n`);
  renameSync(`${file}.new`, file);
}
