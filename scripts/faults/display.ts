import { lineBar } from '../start/line-bar.ts';
import type { Result } from './result.ts';

const signs = { green: '✓', red: '✗', 'not yet': '·' } as const;

export const resultLine = ({ number, title, result, seconds, detail }: Result): string =>
  `${signs[result]} ${number.padEnd(4)} ${title}${result === 'not yet' ? '' : ` (${seconds} s)`}${detail === '' ? '' : `\n       ${result === 'not yet' ? 'not yet: ' : ''}${detail}`}`;

/** Progress of a run: on a terminal a bar under the lines that have been said. */
export interface Display {
  readonly say: (line: string) => void;
  readonly at: (done: number, total: number, what: string) => void;
  readonly end: () => void;
}

export function displayOn(stream: NodeJS.WriteStream): Display {
  const bar = lineBar();
  return {
    say(line) {
      bar.clear();
      stream.write(`${line}\n`);
    },
    at(done, total, what) {
      if (stream.isTTY) bar.update('{bar} {value}/{total} · {what}', done, total, { what });
    },
    end: bar.clear,
  };
}
