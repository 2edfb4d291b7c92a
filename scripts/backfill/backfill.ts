import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { InvokeCommand, type LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';

export interface BackfillOptions {
  readonly stage: string;
  readonly source: string;
  readonly account: string;
  /** UTC ISO 8601. */
  readonly from: string;
  /** Where the stage is: for `local` the running local cloud, else AWS as the environment says. */
  readonly client: LambdaClientConfig;
}

const awsPort = 566;
const usage = 'usage: npm run backfill -- --source S --from DATE [--account A] [--stage STAGE] [--port-base B]';

/** A day (its beginning in UTC) or a moment with its offset. */
function momentOf(text: string): string | undefined {
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  return z.safeParse(z.iso.datetime({ offset: true }), whole).success ? new Date(whole).toISOString() : undefined;
}

/** @returns the options, or one line that says what is wrong with them */
export function parseOptions(args: readonly string[], now: number, env: Readonly<Record<string, string | undefined>> = {}): BackfillOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        source: { type: 'string' }, from: { type: 'string' }, account: { type: 'string', default: 'default' }, stage: { type: 'string', default: 'local' },
        'port-base': { type: 'string', default: '4000' },
      },
    });
    const { source, from = '', account, stage } = values;
    if (source === undefined) return `backfill: --source is missing; ${usage}`;
    const moment = momentOf(from);
    if (moment === undefined) return `backfill: --from must be a day (2026-01-31) or a moment (2026-01-31T08:00:00Z); ${usage}`;
    if (Date.parse(moment) >= now) return `backfill: --from must lie in the past; ${usage}`;
    const base = Number(values['port-base']);
    if (!Number.isInteger(base) || base < 1 || base > 60_000) return `backfill: --port-base must be a port number; ${usage}`;
    const local = stage === 'local' && env['AWS_ENDPOINT_URL'] === undefined;
    return {
      stage, source, account, from: moment,
      client: local ? { endpoint: `http://127.0.0.1:${base + awsPort}`, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } } : {},
    };
  } catch (error) {
    return `backfill: ${error instanceof Error ? error.message : 'the options cannot be read'}; ${usage}`;
  }
}

const progress = z.object({
  outcome: z.enum(['polled', 'busy', 'continued', 'waiting', 'refused', 'failed']),
  from: z.string(), readTo: z.string(),
  counts: z.object({ pages: z.number(), items: z.number(), events: z.number(), rejected: z.number() }),
  lastError: z.optional(z.string()), dueAt: z.optional(z.string()),
});
export type Progress = z.infer<typeof progress>;

/** How much of the way from `from` to now is read, 0 to 1. */
export const shareOf = ({ from, readTo }: Progress, now: number): number =>
  Math.min(1, Math.max(0, (Date.parse(readTo) - Date.parse(from)) / Math.max(1, now - Date.parse(from))));

const said = ({ counts: { items, events, rejected } }: Progress): string =>
  `${items} item${items === 1 ? '' : 's'}, ${events} event${events === 1 ? '' : 's'}${rejected === 0 ? '' : `, ${rejected} in quarantine`}`;

export interface BackfillDeps {
  readonly client: Pick<LambdaClient, 'send'>;
  readonly now: () => number;
  readonly pause?: (ms: number) => Promise<unknown>;
  readonly show: (share: number, text: string) => void;
  readonly note: (line: string) => void;
}

/** Longest pause between two attempts, and attempts in a row that failed before it is given up, milliseconds. */
const mostPauseMs = 60_000;
const mostFailures = 10;

/**
 * Has a stage read an account's past, part by part, until it has reached the present.
 * @returns the exit status: 0; 1 when the stage cannot be reached, or the vendor refuses or keeps failing
 */
export async function backfill({ stage, source, account, from }: BackfillOptions, { client, now, pause = sleep, show, note }: BackfillDeps): Promise<number> {
  const FunctionName = `orderflow-ingest-${stage}-poll-source`;
  const Payload = Buffer.from(JSON.stringify({ backfill: { source, account, from } }));
  for (let failures = 0; ;) {
    let at: Progress;
    let reached = false;
    try {
      const reply = await client.send(new InvokeCommand({ FunctionName, Payload }));
      reached = true;
      const payload: unknown = JSON.parse(Buffer.from(reply.Payload ?? []).toString('utf8'));
      if (reply.FunctionError !== undefined) throw new Error((payload as { readonly errorMessage?: string } | null)?.errorMessage ?? `${FunctionName} failed; its log says why`);
      at = z.parse(progress, payload);
    } catch (error) {
      note(`backfill: ${stage === 'local' && !reached ? 'is the local cloud running (npm start)? ' : ''}${error instanceof Error ? error.message : 'unknown'}`);
      return 1;
    }
    if (at.outcome === 'polled') {
      show(1, said(at));
      note(`${source}:${account} is read from ${at.from} to now: ${said(at)}; what was known already is not taken twice`);
      return 0;
    }
    show(shareOf(at, now()), `${at.readTo.slice(0, 16)}  ${said(at)}`);
    if (at.outcome === 'continued') {
      failures = 0;
      continue;
    }
    if (at.outcome === 'refused') {
      note(`backfill: the vendor refuses to be asked (${at.lastError ?? 'no reason'}): mend the credential of ${source}:${account}, then run this again; it goes on at ${at.readTo}`);
      return 1;
    }
    failures += at.outcome === 'failed' ? 1 : 0;
    if (failures >= mostFailures) {
      note(`backfill: the vendor fails (${at.lastError ?? 'no reason'}); run this again later, it goes on at ${at.readTo}`);
      return 1;
    }
    const wait = at.dueAt === undefined ? 5_000 : Math.min(Math.max(Date.parse(at.dueAt) - now(), 1_000), mostPauseMs);
    note(`${at.outcome === 'busy' ? 'another backfill of this account is under way' : at.outcome === 'waiting' ? 'the vendor asks us to wait' : `the vendor fails (${at.lastError ?? 'no reason'})`}; again in ${Math.round(wait / 1_000)} s`);
    await pause(wait);
  }
}
