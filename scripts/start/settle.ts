import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import { names, type Stage } from './stage.ts';

const services = ['orders', 'returns', 'updates'] as const;
const shards = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Items of the in-flight table in a state, by the due index; `before`: only those due by then (ISO 8601). */
export async function countItems({ dynamodb }: Stage, state: string, before?: string): Promise<number> {
  const one = async (duePk: string): Promise<number> => {
    let count = 0;
    let start: Record<string, unknown> | undefined;
    do {
      const page = await dynamodb.send(new QueryCommand({
        TableName: names.inFlight, IndexName: 'due', Select: 'COUNT',
        KeyConditionExpression: before === undefined ? 'duePk = :pk' : 'duePk = :pk AND dueAt <= :before',
        ExpressionAttributeValues: { ':pk': duePk, ...(before !== undefined && { ':before': before }) },
        ...(start && { ExclusiveStartKey: start }),
      }));
      count += page.Count ?? 0;
      start = page.LastEvaluatedKey;
    } while (start);
    return count;
  };
  const counts = await Promise.all(services.flatMap((service) => shards.map((shard) => one(`${service}#${state}#${shard}`))));
  return counts.reduce((sum, count) => sum + count, 0);
}

const objects = async ({ s3 }: Stage, bucket: 'staging' | 'intake', prefix: string): Promise<number> =>
  (await s3.send(new ListObjectsV2Command({ Bucket: names.bucket(bucket), Prefix: prefix, MaxKeys: 100 }))).KeyCount ?? 0;

/** What still moves, in words; empty: the run has come to rest (CONTRACTS "A finite run", "Ends when"). */
async function moving(stage: Stage, now: () => number): Promise<string> {
  const { idle, why } = await stage.cloud.idle();
  if (!idle) return why || 'the local cloud is at work';
  const landed = await objects(stage, 'staging', 'pending/');
  if (landed > 0) return `${landed} landed files`;
  const overflow = await objects(stage, 'intake', 'overflow/');
  if (overflow > 0) return `${overflow} overflow objects`;
  const due = await countItems(stage, 'PARKED', new Date(now()).toISOString());
  return due > 0 ? `${due} parked items are due` : '';
}

export interface SettleOptions {
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Told what still moves, a few times a second. */
  readonly onWait?: (why: string) => void;
  /** What else must have come to rest, in words; empty: it has. */
  readonly also?: () => Promise<string>;
}

/** Schedules that only move what waits for their next tick: the loader's, the reprocessors', those of files and of the overflow. */
const helping = /load-?facts|reprocess|take-?file|drain-?overflow/i;

/**
 * Waits until nothing moves and nothing is due, twice in a row. What only waits for the next tick of a schedule is
 * helped along by firing that schedule early; the clock is never driven.
 * @returns false when the signal came first
 */
export async function settled(stage: Stage, options: SettleOptions): Promise<boolean> {
  let quiet = 0;
  let stuckSince: number | undefined;
  while (!options.signal.aborted) {
    const why = await moving(stage, options.now).then(async (first) => first || ((await options.also?.()) ?? '')).catch((error: unknown) => (error as Error).message);
    quiet = why === '' ? quiet + 1 : 0;
    if (quiet >= 2) return true;
    if (why !== '') options.onWait?.(why);
    if (/landed|parked|file|overflow/.test(why)) {
      stuckSince ??= options.now();
      // longer than the loader pauses between two loads of its own
      if (options.now() - stuckSince > 4000) {
        stuckSince = undefined;
        const schedules = await stage.cloud.schedules().catch(() => []);
        for (const name of schedules.filter((one) => helping.test(one))) await stage.cloud.runSchedule(name).catch(() => undefined);
      }
    } else stuckSince = undefined;
    await sleep(250, undefined, { signal: options.signal }).catch(() => undefined);
  }
  return false;
}
