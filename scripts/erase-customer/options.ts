import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import type { LambdaClientConfig } from '@aws-sdk/client-lambda';

export interface EraseOptions {
  /** As the warehouse has it: `source:account:id`. */
  readonly customer: string | undefined;
  /** Orders of a guest, or besides those that the warehouse knows of the customer. */
  readonly orders: readonly string[];
  readonly reason: string;
  /** Who asks for it; goes into the audit. */
  readonly by: string;
  /** First day of the raw archive to look into; without: that of the first event of theirs that was loaded. */
  readonly from: string | undefined;
  /** Shows what there is and changes nothing. */
  readonly dryRun: boolean;
  readonly stage: string;
  /** Where the stage is: for `local` the running local cloud, else AWS as the environment says. */
  readonly client: LambdaClientConfig;
}

const awsPort = 566;
const usage = 'usage: npm run erase-customer -- (--customer KEY | --order KEY …) --reason TEXT --yes [--by NAME] [--from DAY] [--dry-run] [--stage S] [--port-base B]';
const key = /^[^\s:]+:[^\s:]+:\S+$/;

/** @returns the options, or one line that says what is wrong with them */
export function parseOptions(args: readonly string[], now: number, env: Readonly<Record<string, string | undefined>> = {}): EraseOptions | string {
  const wrong = (what: string): string => `erase-customer: ${what}; ${usage}`;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        customer: { type: 'string' }, order: { type: 'string', multiple: true, default: [] }, reason: { type: 'string' }, by: { type: 'string' }, from: { type: 'string' },
        'dry-run': { type: 'boolean', default: false }, yes: { type: 'boolean', default: false }, stage: { type: 'string', default: 'local' }, 'port-base': { type: 'string', default: '4000' },
      },
    });
    const { customer, order: orders, reason = '', from, 'dry-run': dryRun, yes, stage } = values;
    if (customer === undefined && orders.length === 0) return wrong('name a --customer or an --order');
    for (const one of [...(customer === undefined ? [] : [customer]), ...orders]) if (!key.test(one)) return wrong(`${one} is no key: write source:account:id`);
    if (from !== undefined && !(/^\d{4}-\d{2}-\d{2}$/.test(from) && Date.parse(from) <= now)) return wrong('--from must be a day in the past (2026-01-31)');
    if (!dryRun && reason.trim() === '') return wrong('--reason is missing: it is kept in the audit');
    if (!dryRun && !yes) return wrong('this cannot be undone: see what there is with --dry-run, then say --yes');
    const base = Number(values['port-base']);
    if (!Number.isInteger(base) || base < 1 || base > 60_000) return wrong('--port-base must be a port number');
    const local = stage === 'local' && env['AWS_ENDPOINT_URL'] === undefined;
    return {
      customer, orders, reason: reason.slice(0, 512), by: (values.by ?? userInfo().username).slice(0, 128), from, dryRun, stage,
      client: local ? { endpoint: `http://127.0.0.1:${base + awsPort}`, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {},
    };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : 'the options cannot be read');
  }
}
