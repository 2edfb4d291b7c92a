import { parseArgs } from 'node:util';

/** What a finite run takes in; absent for the endless demo stream. */
export type Input =
  | { readonly kind: 'orders'; readonly orders: number; readonly only: 'orders' | undefined }
  | {
      readonly kind: 'file';
      readonly file: string;
      readonly mapping: string | undefined;
      readonly account: string | undefined;
      /** The file's orders count as live: mails and staff notices go out. */
      readonly live: boolean;
    };

export interface Options {
  readonly input: Input | undefined;
  /** Orders a second offered; absent: as fast as the intake takes them (the demo stream: 4). */
  readonly rate: number | undefined;
  readonly seed: number;
  readonly timeoutSeconds: number;
  readonly dataDir: string;
  /** Package cache. */
  readonly packages: string;
  readonly portBase: number;
  readonly report: string | undefined;
  readonly usage: string | undefined;
  /** Rules of faults on demand, JSON (scripts/local/README.md). */
  readonly faults: string | undefined;
  /** Stop everything once the finite run has ended. */
  readonly exit: boolean;
  /** For tests of the yardstick only: SQL that damages the warehouse before it is scanned. */
  readonly beforeScan: string | undefined;
}

/** Wrong usage: exit status 2. The message is one line that says what to do. */
export class UsageError extends Error {}

/** The four ports of a run (CONTRACTS "Ports"). */
export const portsOf = (base: number) => ({ webhooks: base, page: base + 100, aws: base + 566, mail: base + 4005 });

const usage = `usage: npm start -- [--orders N [--only orders] | --events FILE [--mapping FILE] [--account A] [--live]]
  [--rate ORDERS_PER_SECOND] [--seed S] [--timeout SECONDS] [--data-dir DIR] [--packages DIR] [--port-base B]
  [--report FILE] [--usage FILE] [--faults FILE] [--exit]

  --faults  what shall go wrong on purpose, JSON: rules such as
            {"service":"dynamodb","operation":"Put*","caller":"orderflow-orders-*","probability":0.1,"fault":{"kind":"throttle"}}
            {"function":"orderflow-orders-local-consume","times":3,"fault":{"kind":"crash","when":"after"}}
            of calls: error (code), throttle, delay (ms), reply-lost, partial; of functions: crash (when), timeout, delay, skew (ms), error`;

const flags = {
  orders: { type: 'string' }, only: { type: 'string' }, events: { type: 'string' }, mapping: { type: 'string' },
  account: { type: 'string' }, live: { type: 'boolean' }, rate: { type: 'string' }, seed: { type: 'string' },
  timeout: { type: 'string' }, 'data-dir': { type: 'string' }, packages: { type: 'string' }, 'port-base': { type: 'string' }, report: { type: 'string' },
  usage: { type: 'string' }, faults: { type: 'string' }, exit: { type: 'boolean' }, 'before-scan': { type: 'string' }, help: { type: 'boolean', short: 'h' },
} as const;

function whole(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0) throw new UsageError(`--${name} takes a number above 0, not "${text}"`);
  return value;
}

const path = (name: string, text: string | undefined): string | undefined => {
  if (text === '') throw new UsageError(`--${name} needs the name of a file or folder`);
  return text;
};

/** @returns the options, or the text to print for `--help`. @throws UsageError */
export function parseOptions(args: readonly string[]): Options | { readonly help: string } {
  let values;
  try {
    values = parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const said = (error as Error).message.split(/[.\n]/)[0] ?? 'wrong options';
    throw new UsageError(`${said}. See npm start -- --help`);
  }
  if (values.help) return { help: usage };

  const orders = whole('orders', values.orders, 1, 10_000_000);
  const events = path('events', values.events);
  if (orders !== undefined && events !== undefined) throw new UsageError('--orders and --events exclude each other: give one of them');
  if (events === undefined) {
    for (const name of ['mapping', 'account', 'live'] as const) {
      if (values[name] !== undefined) throw new UsageError(`--${name} belongs to --events FILE, which is missing`);
    }
  }
  if (values.only !== undefined && (orders === undefined || values.only !== 'orders')) {
    throw new UsageError('--only takes the word "orders" and belongs to --orders N');
  }
  const finite = orders !== undefined || events !== undefined;
  for (const name of ['exit', 'report', 'usage', 'before-scan', 'timeout'] as const) {
    if (values[name] !== undefined && !finite) throw new UsageError(`--${name} needs a finite run: add --orders N or --events FILE`);
  }
  const input: Input | undefined = events !== undefined
    ? { kind: 'file', file: events, mapping: path('mapping', values.mapping), account: values.account, live: values.live ?? false }
    : orders !== undefined
      ? { kind: 'orders', orders, only: values.only === 'orders' ? 'orders' : undefined }
      : undefined;
  return {
    input,
    rate: positive('rate', values.rate),
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1) ?? 1,
    timeoutSeconds: positive('timeout', values.timeout) ?? 3600,
    dataDir: path('data-dir', values['data-dir']) ?? '.orderflow/data',
    packages: path('packages', values.packages) ?? '.orderflow/packages',
    // the mail port is the highest: base + 4005
    portBase: whole('port-base', values['port-base'], 1, 65_535 - 4005) ?? 4000,
    report: path('report', values.report),
    usage: path('usage', values.usage),
    faults: path('faults', values.faults),
    exit: values.exit ?? false,
    beforeScan: values['before-scan'],
  };
}
