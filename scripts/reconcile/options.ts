import { parseArgs } from 'node:util';
import type { LambdaClientConfig } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';

export interface ReconcileOptions {
  /** UTC ISO 8601: what came from then on … */
  readonly from: string;
  /** … and before. */
  readonly to: string;
  readonly source: string | undefined;
  /** Whether the sources' own lists are read as well. */
  readonly ask: boolean;
  /** Shows every line, not only those where something is not loaded. */
  readonly all: boolean;
  readonly stage: string;
  /** Where the stage is: for `local` the running local cloud, else AWS as the environment says. */
  readonly client: LambdaClientConfig;
}

const awsPort = 566;
const dayMs = 86_400_000;
const usage = 'usage: npm run reconcile -- [--days N | --from DATE [--to DATE]] [--source S] [--no-ask] [--all] [--stage S] [--port-base B]';

/** A day (its beginning in UTC) or a moment with its offset; undefined: neither. */
function momentOf(text: string): number | undefined {
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  return z.safeParse(z.iso.datetime({ offset: true }), whole).success ? Date.parse(whole) : undefined;
}

interface Period {
  readonly from: number;
  readonly to: number;
}

function periodOf(days: string | undefined, from: string | undefined, to: string | undefined, now: number): Period | string {
  if (from === undefined) {
    if (to !== undefined) return '--to goes with --from';
    if (days !== undefined && !/^[1-9]\d{0,3}$/.test(days)) return '--days must be a whole number from 1';
    return { from: now - Number(days ?? 1) * dayMs, to: now };
  }
  if (days !== undefined) return '--days and --from exclude each other';
  const [first, end] = [momentOf(from), to === undefined ? now : momentOf(to)];
  if (first === undefined || end === undefined) return `${first === undefined ? '--from' : '--to'} must be a day (2026-01-31) or a moment (2026-01-31T08:00:00Z)`;
  return first >= end ? 'the period must begin before it ends, and in the past' : { from: first, to: Math.min(end, now) };
}

/** @returns the options, or one line that says what is wrong with them */
export function parseOptions(args: readonly string[], now: number, env: Readonly<Record<string, string | undefined>> = {}): ReconcileOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        days: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' }, source: { type: 'string' }, 'no-ask': { type: 'boolean', default: false },
        all: { type: 'boolean', default: false }, stage: { type: 'string', default: 'local' }, 'port-base': { type: 'string', default: '4000' },
      },
    });
    const period = periodOf(values.days, values.from, values.to, now);
    if (typeof period === 'string') return `reconcile: ${period}; ${usage}`;
    const base = Number(values['port-base']);
    if (!Number.isInteger(base) || base < 1 || base > 60_000) return `reconcile: --port-base must be a port number; ${usage}`;
    const local = values.stage === 'local' && env['AWS_ENDPOINT_URL'] === undefined;
    return {
      from: new Date(period.from).toISOString(), to: new Date(period.to).toISOString(), source: values.source, ask: !values['no-ask'], all: values.all, stage: values.stage,
      client: local ? { endpoint: `http://127.0.0.1:${base + awsPort}`, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {},
    };
  } catch (error) {
    return `reconcile: ${error instanceof Error ? error.message : 'the options cannot be read'}; ${usage}`;
  }
}
