import { lineBar } from '../start/line-bar.ts';

/** Shows how far each part is: a bar on a terminal, else a plain line as it begins and at each quarter. */
export function steps(): (part: string, done: number, of: number) => void {
  if (process.stderr.isTTY) {
    const bar = lineBar();
    return (part, done, of) => {
      bar.update('{bar} {value}/{total} {part}', done, of, { part });
      if (done >= of) bar.clear();
    };
  }
  const said = new Map<string, number>();
  return (part, done, of) => {
    const quarter = Math.floor((4 * done) / of);
    if (said.get(part) === quarter) return;
    said.set(part, quarter);
    process.stderr.write(`${part}: ${done}/${of}\n`);
  };
}
