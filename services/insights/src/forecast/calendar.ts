import { addDays } from '../sums/periods.ts';

/** A series of daily values without gaps: `values[0]` is of `from`, UTC. */
export interface DailySeries {
  readonly from: string;
  readonly values: readonly number[];
}

export interface Calendar {
  /** 0 Sunday to 6 Saturday: never open. */
  readonly closedWeekdays: ReadonlySet<number>;
  /** Single days on which nothing happened although their weekday is open: holidays. */
  readonly closedDays: ReadonlySet<string>;
}

export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** Weeks that a weekday must have been seen in before it is called closed. */
const leastWeeks = 4;
/** Of an open weekday so many days have something, where zero days are holidays; in a thinner series they are data. */
const dense = 0.9;
/** A closed weekday may have had something on one day in so many: an inventory, a mistake. */
const exceptional = 0.05;

/**
 * When the business is closed, from a series of all of it: weekdays on which there is nothing, and single days. They are no
 * data: a model that sees zeros on Saturdays learns a trough, and spends its seasons on it. Judged by the last half year, so
 * that a shop that begins to open on Sundays is seen to.
 */
export function calendarOf({ from, values }: DailySeries): Calendar {
  const counts = Array.from({ length: 7 }, () => ({ days: 0, open: 0 }));
  const first = Math.max(0, values.length - 182);
  values.forEach((value, at) => {
    const count = counts[weekdayOf(addDays(from, at))];
    if (count === undefined || at < first) return;
    count.days++;
    if (value !== 0) count.open++;
  });
  const closedWeekdays = new Set(counts.flatMap(({ days, open }, weekday) => (days >= leastWeeks && open / days <= exceptional ? [weekday] : [])));
  if (closedWeekdays.size === 7) return { closedWeekdays: new Set(), closedDays: new Set() };
  const openDays = values.flatMap((value, at) => (closedWeekdays.has(weekdayOf(addDays(from, at))) ? [] : [{ day: addDays(from, at), value }]));
  const share = openDays.filter(({ value }) => value !== 0).length / Math.max(1, openDays.length);
  return { closedWeekdays, closedDays: new Set(share >= dense ? openDays.filter(({ value }) => value === 0).map(({ day }) => day) : []) };
}

export const isOpen = ({ closedWeekdays, closedDays }: Calendar, day: string): boolean => !closedWeekdays.has(weekdayOf(day)) && !closedDays.has(day);

/** Values of open days only, in order. */
export function openValues({ from, values }: DailySeries, calendar: Calendar): Float64Array {
  return Float64Array.from(values.filter((_, at) => isOpen(calendar, addDays(from, at))));
}
