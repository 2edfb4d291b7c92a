import { Presets, SingleBar } from 'cli-progress';

/** The live figures; undefined until first known. */
export interface Figures {
  readonly accepted: number;
  readonly 'in flight': number | undefined;
  readonly loaded: number | undefined;
  readonly parked: number | undefined;
  readonly quarantined: number | undefined;
  readonly 'e-mails': number | undefined;
  readonly 'staff notices': number | undefined;
  readonly errors: number | undefined;
}

export interface Status {
  /** One sentence: what is going on. */
  readonly state: string;
  readonly figures: Figures;
  readonly links: Readonly<Record<string, string>>;
}

export const summaryLine = ({ figures }: Status): string =>
  Object.entries(figures).map(([name, value]: [string, number | undefined]) => `${name} ${value ?? '…'}`).join(' · ');

export interface Display {
  /** A line of its own, once. */
  readonly say: (line: string) => void;
  /** Called often; draws or prints as the terminal allows. */
  readonly show: (status: Status, done: number, total: number | undefined) => void;
  readonly end: () => void;
}

/** Without a terminal: a plain line every few seconds, and only when something has changed. */
export function plainDisplay(write: (text: string) => void, now: () => number, everyMs = 5000): Display {
  let shownAt = 0;
  let shown = '';
  return {
    say: (line) => write(`${line}\n`),
    show(status, done, total) {
      const line = `${total === undefined ? '' : `${done}/${total} settled · `}${summaryLine(status)}`;
      if (now() - shownAt < everyMs || line === shown) return;
      shownAt = now();
      shown = line;
      write(`${line}\n`);
    },
    end: () => undefined,
  };
}

/** On a terminal: the figures in place, with a bar for finite runs. A line of its own pushes them down. */
export function barDisplay(write: (text: string) => void): Display {
  let bar: SingleBar | undefined;
  let finite = false;
  const clear = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    say(line) {
      clear();
      write(`${line}\n`);
    },
    show(status, done, total) {
      if (finite !== (total !== undefined)) clear();
      finite = total !== undefined;
      const line = summaryLine(status);
      if (!bar) {
        const format = finite ? '{bar} {percentage}% · {value}/{total} · {line}' : '{line}';
        bar = new SingleBar({ format, hideCursor: true, clearOnComplete: true, barsize: 20, linewrap: false }, Presets.shades_classic);
        bar.start(Math.max(1, total ?? 1), 0, { line });
      }
      bar.setTotal(Math.max(1, total ?? 1));
      bar.update(finite ? Math.min(done, total ?? 1) : 0, { line });
    },
    end: clear,
  };
}
