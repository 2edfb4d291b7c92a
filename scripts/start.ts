import { dirname, isAbsolute, resolve } from 'node:path';
import { parseOptions, UsageError, type Options } from './start/options.ts';
import { CannotStart } from './start/preflight.ts';
import { barDisplay, plainDisplay } from './start/summary.ts';

/** `npm start`: one whole run (CONTRACTS "A finite run"). */
const root = dirname(import.meta.dirname);
/** npm changes to the root of the repository; paths are meant from where the user stands. */
const here = process.env['npm_lifecycle_event'] === 'start' ? (process.env['INIT_CWD'] ?? process.cwd()) : process.cwd();

const placed = (path: string | undefined, from: string): string | undefined => (path === undefined || isAbsolute(path) ? path : resolve(from, path));

const isGiven = (given: readonly string[], name: string): boolean => given.some((word) => word === `--${name}` || word.startsWith(`--${name}=`));

function resolved(options: Options, given: readonly string[]): Options {
  const { input } = options;
  return {
    ...options,
    input: input?.kind === 'file' ? { ...input, file: resolve(here, input.file), mapping: placed(input.mapping, here) } : input,
    dataDir: resolve(isGiven(given, 'data-dir') ? here : root, options.dataDir),
    packages: resolve(isGiven(given, 'packages') ? here : root, options.packages),
    report: placed(options.report, here),
    usage: placed(options.usage, here),
    faults: placed(options.faults, here),
  };
}

async function main(): Promise<number> {
  const given = process.argv.slice(2);
  const options = parseOptions(given);
  if ('help' in options) {
    process.stdout.write(`${options.help}\n`);
    return 0;
  }
  const stop = new AbortController();
  let signalled = 0;
  for (const [name, status] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
    // npm passes Ctrl-C on as well, so the same one may come twice
    process.on(name, () => {
      signalled ||= status;
      stop.abort();
    });
  }
  // the AWS clients behind it take most of a second to load: wrong options need not wait for them
  const { run } = await import('./start/run.ts');
  const write = (text: string): void => void process.stdout.write(text);
  const display = process.stdout.isTTY ? barDisplay(write) : plainDisplay(write, Date.now);
  const status = await run(resolved(options, given), { root, display, now: Date.now, signal: stop.signal });
  return signalled || status;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    const expected = error instanceof UsageError || error instanceof CannotStart;
    process.stderr.write(`npm start: ${expected || !(error instanceof Error) ? (error as Error).message : (error.stack ?? error.message)}\n`);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
