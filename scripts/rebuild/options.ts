import { parseArgs } from 'node:util';
import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';

/** What is rebuilt, and from what. */
export type RebuildWay =
  /** The landed files of the last `days` days on which anything may have landed, today's among them; without: of all. */
  | { readonly kind: 'landed'; readonly days: number | undefined; readonly fresh: boolean }
  /** Nothing: the tables' checksums are shown. */
  | { readonly kind: 'check' }
  /** The raw archive, read anew: what came from one moment on, up to another (UTC ISO 8601), of one source or of all. */
  | { readonly kind: 'archive'; readonly from: string; readonly to?: string; readonly source?: string; readonly dryRun: boolean };

export interface RebuildOptions {
  readonly way: RebuildWay;
  readonly stage: string;
  /** Said that it is meant. */
  readonly yes: boolean;
  /** Checksums of before: read from this file where it exists, else written to it. */
  readonly sums: string | undefined;
  /** Where the stage is: for `local` the running local cloud, else AWS as the environment says. */
  readonly client: LambdaClientConfig;
}

const awsPort = 566;
const usage = 'usage: npm run rebuild -- [--days N | --fresh --yes | --check | --from DATE [--to DATE] [--source S] [--dry-run]] [--sums FILE] [--stage S] [--port-base B]';

/** A day (its beginning in UTC) or a moment with its offset. */
function momentOf(text: string): string | undefined {
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  return z.safeParse(z.iso.datetime({ offset: true }), whole).success ? new Date(whole).toISOString() : undefined;
}

interface Asked {
  readonly days?: string;
  readonly fresh: boolean;
  readonly check: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly source?: string;
  readonly 'dry-run': boolean;
}

const notADay = (option: string): string => `${option} must be a day (2026-01-31) or a moment (2026-01-31T08:00:00Z)`;

function archiveWay(from: string, { to, source, 'dry-run': dryRun }: Asked, now: number): RebuildWay | string {
  const [first, end] = [momentOf(from), to === undefined ? undefined : momentOf(to)];
  if (first === undefined) return notADay('--from');
  if (Date.parse(first) >= now) return '--from must lie in the past';
  if (to !== undefined && end === undefined) return notADay('--to');
  if (end !== undefined && Date.parse(end) <= Date.parse(first)) return '--to must lie after --from';
  return { kind: 'archive', from: first, ...(end === undefined ? {} : { to: end }), ...(source === undefined ? {} : { source }), dryRun };
}

function wayOf(asked: Asked, now: number): RebuildWay | string {
  const { days, from, fresh, check } = asked;
  if ([days !== undefined || fresh, check, from !== undefined].filter(Boolean).length > 1) return '--check and --from stand alone';
  if (check) return { kind: 'check' };
  if (from !== undefined) return archiveWay(from, asked, now);
  if (asked.to !== undefined || asked.source !== undefined || asked['dry-run']) return '--to, --source and --dry-run go with --from';
  if (days !== undefined && fresh) return '--fresh empties the tables, so all days are loaded again: leave --days out';
  if (days !== undefined && !/^[1-9]\d{0,4}$/.test(days)) return '--days must be a whole number from 1';
  return { kind: 'landed', days: days === undefined ? undefined : Number(days), fresh };
}

/** @returns the options, or one line that says what is wrong with them */
export function parseOptions(args: readonly string[], now: number, env: Readonly<Record<string, string | undefined>> = {}): RebuildOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        days: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' }, source: { type: 'string' },
        'dry-run': { type: 'boolean', default: false }, fresh: { type: 'boolean', default: false }, check: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false }, sums: { type: 'string' }, stage: { type: 'string', default: 'local' },
        'port-base': { type: 'string', default: '4000' },
      },
    });
    const way = wayOf(values, now);
    if (typeof way === 'string') return `rebuild: ${way}; ${usage}`;
    const base = Number(values['port-base']);
    if (!Number.isInteger(base) || base < 1 || base > 60_000) return `rebuild: --port-base must be a port number; ${usage}`;
    const local = values.stage === 'local' && env['AWS_ENDPOINT_URL'] === undefined;
    return {
      way, stage: values.stage, yes: values.yes, sums: values.sums,
      client: local ? { endpoint: `http://127.0.0.1:${base + awsPort}`, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {},
    };
  } catch (error) {
    return `rebuild: ${error instanceof Error ? error.message : 'the options cannot be read'}; ${usage}`;
  }
}
