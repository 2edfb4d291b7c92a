import { parseArgs } from 'node:util';
import type { RedshiftDataClientConfig } from '@aws-sdk/client-redshift-data';

export interface ExportOptions {
  /** UTC days: answered from the first one on, and before the second one. */
  readonly from: string;
  readonly to: string;
  readonly out: string;
  readonly stage: string;
  /** Where the stage is: for `local` the running local cloud, else AWS as the environment says. */
  readonly client: RedshiftDataClientConfig;
}

const awsPort = 566;
const dayMs = 86_400_000;
const usage = 'usage: npm run export-training -- [--from DAY] [--to DAY] [--out FILE] [--stage S] [--port-base B]';
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && dayOf(Date.parse(text)) === text;

/** @returns the options, or one line that says what is wrong with them */
export function parseOptions(args: readonly string[], now: number, env: Readonly<Record<string, string | undefined>> = {}): ExportOptions | string {
  const wrong = (what: string): string => `export-training: ${what}; ${usage}`;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { from: { type: 'string' }, to: { type: 'string' }, out: { type: 'string' }, stage: { type: 'string', default: 'local' }, 'port-base': { type: 'string', default: '4000' } },
    });
    const { from = '2000-01-01', to = dayOf(now + dayMs), stage } = values;
    if (!isDay(from) || !isDay(to)) return wrong(`--${isDay(from) ? 'to' : 'from'} must be a day (2026-01-31)`);
    if (from >= to) return wrong('--from must be before --to');
    const base = Number(values['port-base']);
    if (!Number.isInteger(base) || base < 1 || base > 60_000) return wrong('--port-base must be a port number');
    const local = stage === 'local' && env['AWS_ENDPOINT_URL'] === undefined;
    return {
      from, to, stage, out: values.out ?? `reviewed-${stage}-${to}.jsonl`,
      client: local ? { endpoint: `http://127.0.0.1:${base + awsPort}`, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {},
    };
  } catch (error) {
    return wrong((error as Error).message.split('\n')[0] ?? '');
  }
}
