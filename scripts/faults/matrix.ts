import type { Result } from './result.ts';
import type { Tried } from './guards/tried.ts';

const words = { green: 'green', red: 'RED', 'not yet': 'not yet' } as const;

/** When a guard was last taken away, and what came of it. */
const guardText = (id: string, tried: ReadonlyMap<string, Tried>): string => {
  const last = tried.get(id);
  if (!last) return id;
  return last.result === 'red' ? `${id} (off: red, ${last.date} ${last.commit})` : `${id} (off: STILL GREEN, ${last.date} ${last.commit})`;
};

/** The table fault → result → the guard whose removal turns it red. */
export function matrixText(results: readonly Result[], tried: ReadonlyMap<string, Tried>): string {
  const rows = results.map(({ number, title, result, guards, detail }) =>
    [number, words[result], title, result === 'not yet' ? detail : guards.map((id) => guardText(id, tried)).join('; ') || '—']);
  const head = ['fault', 'result', 'what must be true', 'guard'];
  const widths = [0, 1, 2].map((at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ').trimEnd();
  const count = (result: Result['result']): number => results.filter((one) => one.result === result).length;
  return [line(head), ...rows.map(line), '', `${count('green')} green, ${count('red')} red, ${count('not yet')} not yet`].join('\n');
}

/** What `--json` writes. */
export const matrixJson = (results: readonly Result[]): Record<string, unknown> =>
  Object.fromEntries(results.map(({ number, result, guards, seconds, detail }) => [number, { result, guard: guards.join('; '), seconds, detail }]));
