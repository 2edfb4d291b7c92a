import { parseOptions, portsOf, UsageError } from './options.ts';

describe('options of npm start', () => {
  it('has the defaults of the contract', () => {
    expect(parseOptions([])).toEqual({
      input: undefined, rate: undefined, seed: 1, timeoutSeconds: 3600, dataDir: '.orderflow/data', packages: '.orderflow/packages', portBase: 4000,
      report: undefined, usage: undefined, exit: false, beforeScan: undefined,
    });
    expect(portsOf(4000)).toEqual({ webhooks: 4000, page: 4100, aws: 4566, mail: 8005 });
  });

  it('reads a finite run of generated orders', () => {
    expect(parseOptions(['--orders', '60', '--exit', '--report', 'r.json', '--rate', '2.5', '--seed', '7', '--port-base', '5000'])).toMatchObject({
      input: { kind: 'orders', orders: 60, only: undefined }, exit: true, report: 'r.json', rate: 2.5, seed: 7, portBase: 5000,
    });
  });

  it('reads a finite run of a file', () => {
    expect(parseOptions(['--events', 'a.csv.gz', '--mapping', 'm.json', '--account', 'uk', '--live'])).toMatchObject({
      input: { kind: 'file', file: 'a.csv.gz', mapping: 'm.json', account: 'uk', live: true },
    });
  });

  it.each([
    [['--ordres', '5'], /Unknown option '--ordres'/],
    [['--orders'], /--orders/],
    [['--orders', '0'], /--orders takes a whole number from 1/],
    [['--orders', '1e3'], /--orders takes a whole number/],
    [['--orders', '5', '--events', 'x'], /exclude each other/],
    [['--mapping', 'm.json'], /--mapping belongs to --events/],
    [['--orders', '5', '--live'], /--live belongs to --events/],
    [['--exit'], /--exit needs a finite run/],
    [['--report', 'r.json'], /--report needs a finite run/],
    [['--rate', '0'], /--rate takes a number above 0/],
    [['--orders', '5', '--timeout', '-1'], /--timeout/],
    [['--port-base', '65000'], /--port-base takes a whole number from 1 to 61530/],
    [['--orders', '5', '--only', 'returns'], /--only takes the word "orders"/],
    [['--data-dir', ''], /--data-dir needs the name/],
    [['extra'], /Unexpected argument 'extra'/],
  ])('refuses %j in one line', (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
    try {
      parseOptions(args);
    } catch (error) {
      expect((error as Error).message).not.toContain('\n');
    }
  });
});
