import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { countItems } from './settle.ts';
import { names, type Stage } from './stage.ts';
import type { CallCount } from './local-cloud.ts';

/** What can be counted from outside at any moment. */
export interface Counts {
  readonly loaded: number;
  readonly parked: number;
  readonly quarantined: number;
  readonly emails: number;
  readonly notices: number;
  /** Invocations of functions that ended in an error, since the local cloud was started. */
  readonly errors: number;
}

const sum = (calls: readonly CallCount[], is: (call: CallCount) => boolean): number =>
  calls.reduce((all, call) => all + (is(call) ? call.calls : 0), 0);

export const emailsIn = (calls: readonly CallCount[]): number => sum(calls, (call) => call.service === 'ses' && call.operation === 'SendEmail' && call.status < 300);
const isNotice = (call: CallCount): boolean => call.service === 'sns' && call.operation === 'Publish' && call.status < 300;
const noticesIn = (calls: readonly CallCount[]): number => sum(calls, isNotice);

const topics: readonly (readonly [RegExp, string])[] = [[/packag|orders-.*notify-staff/, 'packaging'], [/shipping/, 'shipping'], [/review/, 'review'], [/alert|fail/, 'alerts']];

/** Messages that SNS accepted, by what they are about; the caller's name tells. */
export function noticesByTopic(calls: readonly CallCount[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const call of calls.filter(isNotice)) {
    const topic = topics.find(([pattern]) => pattern.test(call.accessKeyId))?.[1] ?? call.accessKeyId;
    counts[topic] = (counts[topic] ?? 0) + call.calls;
  }
  return counts;
}

async function quarantined({ s3 }: Stage): Promise<number> {
  let count = 0;
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: names.bucket('quarantine'), Prefix: 'index/', ...(token !== undefined && { ContinuationToken: token }) }));
    count += page.KeyCount ?? 0;
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return count;
}

export async function countsOf(stage: Stage): Promise<Counts> {
  const [loaded, parked, held, calls, usage] = await Promise.all([
    stage.warehouse.figure('SELECT CAST(COUNT(*) AS VARCHAR(20)) FROM loaded_event'), countItems(stage, 'PARKED'), quarantined(stage), stage.cloud.calls(), stage.cloud.usage(),
  ]);
  return { loaded: Number(loaded ?? 0), parked, quarantined: held, emails: emailsIn(calls), notices: noticesIn(calls), errors: usage.errors };
}

/** Counts again and again, one at a time; a failed reading is left out. */
export function keepCounting(stage: Stage, everyMs: number, onCounts: (counts: Counts) => void): { stop(): void } {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const again = (): void => {
    timer = setTimeout(() => void countsOf(stage).then((counts) => stopped || onCounts(counts), () => undefined).finally(() => stopped || again()), everyMs);
  };
  again();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
