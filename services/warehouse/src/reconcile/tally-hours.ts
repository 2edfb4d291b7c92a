import * as z from 'zod/mini';
import type { Clock } from '@orderflow/shared/lambda';
import { inParallel } from '../load-facts/finish.ts';

const hourMs = 3_600_000;

/** What `tally` of ingest answers for one part of an hour. */
export const tallied = z.object({
  deliveries: z.int(), events: z.int(), erased: z.int(), unknown: z.int(),
  damaged: z.array(z.object({ key: z.string(), offset: z.int(), reason: z.string() })),
  after: z.optional(z.string()),
});
export type Tallied = z.infer<typeof tallied>;

export interface HourTally {
  readonly deliveries: number;
  readonly events: number;
  readonly erased: number;
  readonly unknown: number;
  readonly damaged: readonly { readonly key: string; readonly offset: number }[];
}

/** Folders of the raw archive from the hour before `from`, which may hold its first second, to that of `to`. */
export function hoursOf(from: number, to: number): string[] {
  const hours: string[] = [];
  for (let at = Math.floor((from - 1_000) / hourMs) * hourMs; at < to; at += hourMs) hours.push(new Date(at).toISOString().slice(0, 13).replace(/[-T]/g, '/'));
  return hours;
}

/** @throws Error when the time is over before every hour was read: nothing is compared by halves */
export async function tallyHours(
  hours: readonly string[], ask: (hour: string, after: string | undefined) => Promise<Tallied>, { clock, until }: { readonly clock: Clock; readonly until: number },
): Promise<HourTally> {
  const sum = { deliveries: 0, events: 0, erased: 0, unknown: 0, damaged: [] as { key: string; offset: number }[] };
  await inParallel(hours, async (hour) => {
    for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
      if (clock() > until) throw new Error(`the raw archive could not be read in time: ${hour} is not at its end; compare fewer days at once`);
      const part = await ask(hour, after);
      sum.deliveries += part.deliveries;
      sum.events += part.events;
      sum.erased += part.erased;
      sum.unknown += part.unknown;
      sum.damaged.push(...part.damaged);
      after = part.after;
    }
  });
  return sum;
}
