/** What the customers of a cohort did in a month. Months are `2026-11`. */
export interface CohortMonth {
  readonly cohort: string;
  readonly month: string;
  readonly customers: number;
  /** Of those: have ordered more than once by now. */
  readonly repeatCustomers: number;
  readonly orders: number;
  readonly value: number;
}

export interface CohortStep {
  /** Months since the first order. */
  readonly after: number;
  readonly customers: number;
  /** Of the cohort: share that ordered in that month. */
  readonly retention: number;
  /** Net sales of the cohort up to and with that month, a customer of it. */
  readonly lifetimeValue: number;
  /** The month is not over. */
  readonly unfinished: boolean;
}

export interface Cohort {
  readonly cohort: string;
  readonly customers: number;
  /** Share that has ordered more than once by now. */
  readonly repeatRate: number;
  readonly steps: readonly CohortStep[];
}

const monthsBetween = (from: string, to: string): number => (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));
const monthAfter = (month: string, more: number): string => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1 + more)).toISOString().slice(0, 7);

/**
 * Retention and lifetime value by cohort, every month up to this one told, also those in which nobody came.
 * @param thisMonth the unfinished one
 */
export function cohortsOf(rows: readonly CohortMonth[], thisMonth: string): Cohort[] {
  const groups = Map.groupBy(rows, ({ cohort }) => cohort);
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([cohort, of]) => {
    const byMonth = new Map(of.map((row) => [row.month, row]));
    const customers = byMonth.get(cohort)?.customers ?? 0;
    if (customers === 0) return [];
    let value = 0;
    const steps = Array.from({ length: monthsBetween(cohort, thisMonth) + 1 }, (_, after): CohortStep => {
      const month = monthAfter(cohort, after);
      const row = byMonth.get(month);
      value += row?.value ?? 0;
      return { after, customers: row?.customers ?? 0, retention: (row?.customers ?? 0) / customers, lifetimeValue: value / customers, unfinished: month === thisMonth };
    });
    return [{ cohort, customers, repeatRate: (byMonth.get(cohort)?.repeatCustomers ?? 0) / customers, steps }];
  });
}

export interface NewAndRepeat {
  readonly month: string;
  readonly newCustomers: number;
  readonly repeatCustomers: number;
  readonly newValue: number;
  readonly repeatValue: number;
}

/** Of each month: who ordered for the first time, and who had before. */
export function newAndRepeat(rows: readonly CohortMonth[]): NewAndRepeat[] {
  const sum = (some: readonly CohortMonth[], pick: (row: CohortMonth) => number): number => some.reduce((all, row) => all + pick(row), 0);
  return [...Map.groupBy(rows, ({ month }) => month).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([month, of]) => {
    const [first, again] = [of.filter(({ cohort }) => cohort === month), of.filter(({ cohort }) => cohort !== month)];
    return { month, newCustomers: sum(first, (row) => row.customers), repeatCustomers: sum(again, (row) => row.customers), newValue: sum(first, (row) => row.value), repeatValue: sum(again, (row) => row.value) };
  });
}
