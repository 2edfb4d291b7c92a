import { Presets, SingleBar } from 'cli-progress';

/** A progress bar of one terminal line: gone while a line of its own is said, and at the end. */
export interface LineBar {
  readonly clear: () => void;
  /** Begins a bar of this format unless there is one; `fields` fill what the format names. */
  readonly update: (format: string, done: number, total: number, fields: Readonly<Record<string, string>>) => void;
}

export function lineBar(): LineBar {
  let bar: SingleBar | undefined;
  return {
    clear() {
      bar?.stop();
      bar = undefined;
    },
    update(format, done, total, fields) {
      if (!bar) {
        bar = new SingleBar({ format, hideCursor: true, clearOnComplete: true, barsize: 20, linewrap: false }, Presets.shades_classic);
        bar.start(total, 0, fields);
      }
      bar.setTotal(total);
      bar.update(done, fields);
    },
  };
}
