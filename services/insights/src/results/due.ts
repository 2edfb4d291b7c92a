import type { Row } from '@orderflow/shared/aws';
import * as z from 'zod/mini';

/** What refresh-insights hands to each insight: the day that all of them are made as of, and how many days were summed anew. */
const input = z.object({ today: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/)), days: z._default(z.number(), 0) });
export type Refreshing = z.output<typeof input>;
/** @throws z.core.$ZodError */
export const refreshingOf = (event: unknown): Refreshing => z.parse(input, event);

/** Touched days of an ordinary hour: today, yesterday's late orders, a return. More is a backfill. */
const ordinaryDays = 14;

/**
 * Whether an insight that reads all history is to be made: once a day, or when much of the past has changed.
 * @param last rows with `day`: when it was made last
 */
export const isDue = ({ today, days }: Refreshing, last: readonly Row[]): boolean => last[0]?.['day'] !== today || days > ordinaryDays;
