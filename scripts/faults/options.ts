import { parseArgs } from 'node:util';

export interface Options {
  /** Numbers of faults; absent: all. */
  readonly only: readonly string[] | undefined;
  readonly seed: number;
  /** Length of the soak; absent: no soak. */
  readonly minutes: number | undefined;
  readonly json: string | undefined;
  readonly quick: boolean;
  /** Every guard is taken away in turn, and its fault must turn red. */
  readonly guards: boolean;
  readonly dataDir: string | undefined;
  readonly packages: string;
  readonly portBase: number | undefined;
}

/** Wrong usage: exit status 2. */
export class UsageError extends Error {}

export const usage = `usage: npm run faults -- [--only N,…] [--seed S] [--quick] [--guards] [--minutes M] [--json FILE]
  [--data-dir DIR] [--packages DIR] [--port-base B]

  --only     numbers as in the matrix, with commas: 1,14,38a
  --quick    the subset that every change is checked with
  --guards   takes each guard away and demands that its fault turns red
  --minutes  a soak of that length over all sources instead: crashes, delays, throttling, lost replies, repeats, disorder, wrong clocks`;

const flags = {
  only: { type: 'string' }, seed: { type: 'string' }, minutes: { type: 'string' }, json: { type: 'string' }, quick: { type: 'boolean', default: false },
  guards: { type: 'boolean', default: false }, 'data-dir': { type: 'string' }, packages: { type: 'string', default: '.orderflow/packages' }, 'port-base': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function number(name: string, text: string | undefined, fits: (value: number) => boolean, what: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !fits(value)) throw new UsageError(`--${name} takes ${what}, not "${text}"`);
  return value;
}

/** @param known numbers of all faults. @returns the options, or the text for `--help`. @throws UsageError */
export function parseOptions(args: readonly string[], known: ReadonlySet<string>): Options | { readonly help: string } {
  let values;
  try {
    values = parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(/[.\n]/)[0] ?? 'wrong options'}. See npm run faults -- --help`);
  }
  if (values.help) return { help: usage };
  const only = values.only?.split(',').map((one) => one.trim()).filter((one) => one !== '');
  if (only?.length === 0) throw new UsageError('--only takes numbers of faults with commas, for example 1,14,38a');
  const unknown = only?.find((one) => !known.has(one));
  if (unknown !== undefined) throw new UsageError(`--only: there is no fault ${unknown}; there are ${[...known].join(', ')}`);
  if (only && values.quick) throw new UsageError('--only and --quick exclude each other: give one of them');
  if (values.minutes !== undefined && (only !== undefined || values.quick || values.guards)) throw new UsageError('--minutes is a run of its own: leave out --only, --quick and --guards');
  return {
    only,
    seed: number('seed', values.seed, (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32, 'a whole number from 0 to 4294967295') ?? 1,
    minutes: number('minutes', values.minutes, (value) => value > 0, 'a number above 0'),
    json: values.json,
    quick: values.quick,
    guards: values.guards,
    dataDir: values['data-dir'],
    packages: values.packages,
    portBase: number('port-base', values['port-base'], (value) => Number.isInteger(value) && value > 0 && value <= 65_535 - 4005, 'a whole number from 1 to 61530'),
  };
}
