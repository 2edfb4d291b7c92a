import type { DailySeries } from './series.ts';
import { sum } from './series.ts';

const dayMs = 86_400_000;
/** Weekday of an ISO date, Sunday 0. */
const weekdayOf = (day: string): number => new Date(Date.parse(`${day}T00:00:00Z`)).getUTCDay();
/** A weekday that has at most this share of what the others have on average is closed: now and then somebody books on a Saturday. */
const nearlyNothing = 0.01;
/** How unlikely a run of zeros must be among days that are often zero anyway before it is read as a rule. */
const byChance = 0.001;

/** The weekdays (Sunday 0) on which nothing ever happens, or next to nothing. None where the history is too short to tell. */
export function closedWeekdays({ from, values }: DailySeries): ReadonlySet<number> {
  const first = weekdayOf(from);
  const days = Array.from({ length: 7 }, (_, weekday) => values.filter((_value, at) => (first + at) % 7 === weekday));
  const closed = new Set<number>();
  days.forEach((own, weekday) => {
    const others = days.flatMap((other, at) => (at === weekday ? [] : other));
    const size = sum(others.map(Math.abs)) / Math.max(1, others.length);
    const busy = own.filter((value) => value !== 0).length;
    const zeroElsewhere = others.filter((value) => value === 0).length / Math.max(1, others.length);
    const little = sum(own.map(Math.abs)) <= nearlyNothing * size * own.length;
    if (own.length >= 4 && size > 0 && little && busy <= own.length * 0.1 && zeroElsewhere ** (own.length - busy) < byChance) closed.add(weekday);
  });
  return closed;
}

export interface OpenDays {
  readonly values: Float64Array;
  /** open days in a week: the length of the season */
  readonly season: number;
  readonly closed: ReadonlySet<number>;
}

/** The series without its closed weekdays. */
export function openDays(series: DailySeries): OpenDays {
  const closed = closedWeekdays(series);
  const first = weekdayOf(series.from);
  return { values: Float64Array.from(series.values.filter((_, at) => !closed.has((first + at) % 7))), season: 7 - closed.size, closed };
}

/** The days that follow, `count` of them from `from` on, each with whether it is open. */
export function daysAhead(from: string, count: number, closed: ReadonlySet<number>): readonly { readonly day: string; readonly open: boolean }[] {
  const start = Date.parse(`${from}T00:00:00Z`);
  return Array.from({ length: count }, (_, at) => {
    const date = new Date(start + at * dayMs);
    return { day: date.toISOString().slice(0, 10), open: !closed.has(date.getUTCDay()) };
  });
}
