import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { setTimeout as pause } from 'node:timers/promises';
import { names } from '../../start/stage.ts';
import { Red } from '../fault.ts';
import type { World } from './world.ts';

const lookEveryMs = 60;

export const functionOf = (service: string, name: string): string => `orderflow-${service}-local-${name}`;

const objects = async ({ stage }: World, bucket: 'staging' | 'intake', prefix: string): Promise<number> =>
  (await stage.s3.send(new ListObjectsV2Command({ Bucket: names.bucket(bucket), Prefix: prefix, MaxKeys: 10 }))).KeyCount ?? 0;

/** What waits for a schedule: where it lies, and the function that takes it. */
const waiting = [
  { what: 'landed files', bucket: 'staging', prefix: 'pending/', service: 'warehouse', name: 'load-facts' },
  { what: 'overflow', bucket: 'intake', prefix: 'overflow/', service: 'ingest', name: 'drain-overflow' },
] as const;

/** Fires a schedule now, by its function: no schedule fires of itself here. */
export const runSchedule = ({ stage }: World, service: string, name: string): Promise<void> => stage.cloud.runSchedule(functionOf(service, name));

/** Waits until something is so; what takes too long is red. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>, { signal, patienceMs }: Pick<World, 'signal' | 'patienceMs'>, ms = patienceMs): Promise<T> {
  let trouble = '';
  for (const end = Date.now() + ms; ;) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      trouble = '';
    } catch (error) {
      trouble = `: ${(error as Error).message}`;
    }
    signal.throwIfAborted();
    if (Date.now() > end) throw new Red(`${what} did not come about within ${ms / 1000} s${trouble}`);
    await pause(lookEveryMs, undefined, { signal });
  }
}

/** Waits until nothing moves, twice in a row; what waits for a schedule is taken at once. The schedules stand still meanwhile. */
export async function quiet(world: World, ms = world.patienceMs): Promise<void> {
  let rest = 0;
  let why = '';
  let asked = 0;
  await until('rest', async () => {
    const state = await world.stage.cloud.idle();
    why = state.idle ? '' : state.why;
    for (const { what, bucket, prefix, service, name } of state.idle ? waiting : []) {
      if ((await objects(world, bucket, prefix)) === 0) continue;
      why = what;
      // who takes it may have looked just before it came
      if (Date.now() - asked > 1500) {
        asked = Date.now();
        await runSchedule(world, service, name);
      }
    }
    rest = why === '' ? rest + 1 : 0;
    return rest >= 2 && 'quiet';
  }, world, ms).catch((error: unknown) => {
    throw error instanceof Red ? new Red(`${error.message} (${why})`) : error;
  });
}
