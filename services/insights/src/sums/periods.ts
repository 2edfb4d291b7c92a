/** Whole days, UTC: `from` is the first one, `to` the first one that is not within. ISO 8601 dates. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export const periodKinds = ['day', 'week', 'month', 'trailing30'] as const;
export type PeriodKind = (typeof periodKinds)[number];

const dayMs = 86_400_000;
const msOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The day so many days later (earlier: negative). */
export const addDays = (day: string, days: number): string => dayOf(msOf(day) + days * dayMs);
export const daysIn = ({ from, to }: Period): number => Math.round((msOf(to) - msOf(from)) / dayMs);
export const within = ({ from, to }: Period, day: string): boolean => day >= from && day < to;

const firstOfMonth = (day: string): string => `${day.slice(0, 7)}-01`;
/** ISO 8601: weeks begin on Monday. */
const monday = (day: string): string => addDays(day, -((new Date(msOf(day)).getUTCDay() + 6) % 7));

const begins: Readonly<Record<PeriodKind, (day: string) => string>> = {
  day: (day) => day, week: monday, month: firstOfMonth, trailing30: (day) => addDays(day, -29),
};
const ends: Readonly<Record<PeriodKind, (from: string) => string>> = {
  day: (from) => addDays(from, 1), week: (from) => addDays(from, 7), month: (from) => firstOfMonth(addDays(from, 31)), trailing30: (from) => addDays(from, 30),
};

/**
 * The period that a day lies in (`trailing30`: that ends with it), and the one before, which it is compared with. A month is
 * compared with the month before it, however many days that has.
 */
export function periodsOf(kind: PeriodKind, day: string): { readonly current: Period; readonly before: Period } {
  const from = begins[kind](day);
  const earlier = begins[kind](addDays(from, -1));
  return { current: { from, to: ends[kind](from) }, before: { from: earlier, to: from } };
}
