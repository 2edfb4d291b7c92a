import { Presets, SingleBar } from 'cli-progress';
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
  let bar: SingleBar | undefined;
  const clear = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    say(line) {
      clear();
      stream.write(`${line}\n`);
    },
    at(done, total, what) {
      if (!stream.isTTY) return;
      if (!bar) {
        bar = new SingleBar({ format: '{bar} {value}/{total} · {what}', hideCursor: true, clearOnComplete: true, barsize: 20, linewrap: false }, Presets.shades_classic);
        bar.start(total, done, { what });
      }
      bar.update(done, { what });
    },
    end: clear,
  };
}
