import type { Row } from '@orderflow/shared/aws';
import * as z from 'zod/mini';

/** What refresh-insights hands to each insight. */
const input = z.object({ days: z._default(z.number(), 0) });
/** Touched days of an ordinary hour: today, yesterday's late orders, a return. More is a backfill. */
const ordinaryDays = 14;

/**
 * Whether an insight that reads all history is to be made: once a day, or when much of the past has changed.
 * @param last rows with `day`: when it was made last
 */
export const isDue = (event: unknown, last: readonly Row[], today: string): boolean =>
  last[0]?.['day'] !== today || z.parse(input, event ?? {}).days > ordinaryDays;
