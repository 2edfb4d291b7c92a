import { lineBar } from './line-bar.ts';

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
  const bar = lineBar();
  let finite = false;
  return {
    say(line) {
      bar.clear();
      write(`${line}\n`);
    },
    show(status, done, total) {
      if (finite !== (total !== undefined)) bar.clear();
      finite = total !== undefined;
      const line = summaryLine(status);
      const format = finite ? '{bar} {percentage}% · {value}/{total} · {line}' : '{line}';
      bar.update(format, finite ? Math.min(done, total ?? 1) : 0, Math.max(1, total ?? 1), { line });
    },
    end: bar.clear,
  };
}
