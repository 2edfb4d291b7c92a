import Big from 'big.js';

/** Decimal text in major units of the row's currency, as DECIMAL(18,4) leaves the warehouse. */
export type Amount = string;

/** What can be counted of one day, of one source, account and currency. Days are those of the order unless it says otherwise. */
export interface DaySums {
  readonly day: string;
  readonly source: string;
  readonly account: string;
  readonly currency: string;
  /** Sales: paid, not cancelled, no tests, gift cards left out. */
  readonly orders: number;
  readonly units: number;
  /** Σ price × quantity of goods, without tax. */
  readonly gross: Amount;
  readonly discounts: Amount;
  readonly shipping: Amount;
  /** Cost of the goods sold, as far as it is known, and of how many units. */
  readonly cost: Amount;
  readonly unitsWithCost: number;
  /** Goods that came back on this day, whenever they were sold. */
  readonly returnedOrders: number;
  readonly returnedUnits: number;
  readonly returnedValue: Amount;
  /** Of the orders of this day: what has come back since. */
  readonly cohortOrders: number;
  readonly cohortUnits: number;
  readonly cohortValue: Amount;
  /** Orders shipped on this day; of them with the right goods in the right number; of them perfect in every respect. */
  readonly shipped: number;
  readonly accurate: number;
  readonly perfect: number;
  /** Surveys sent and answered on this day; answers of 4 and 5 of 5; of 9 and 10, and of 0 to 6, of 10. */
  readonly surveysSent: number;
  readonly surveys: number;
  readonly satisfied: number;
  readonly npsAnswers: number;
  readonly promoters: number;
  readonly detractors: number;
  /** Comments that the model reads as Good and Bad. */
  readonly good: number;
  readonly bad: number;
  /** Stock at cost at the end of the day; null: not counted. */
  readonly stock: Amount | null;
}

const amounts = ['gross', 'discounts', 'shipping', 'cost', 'returnedValue', 'cohortValue'] as const;
const counts = [
  'orders', 'units', 'unitsWithCost', 'returnedOrders', 'returnedUnits', 'cohortOrders', 'cohortUnits', 'shipped', 'accurate', 'perfect', 'surveysSent', 'surveys', 'satisfied',
  'npsAnswers', 'promoters', 'detractors', 'good', 'bad',
] as const;

/** Sums over days: money exact, stock as its mean over the days that know it. */
export type Sums = { readonly [K in (typeof amounts)[number]]: Big } & { readonly [K in (typeof counts)[number]]: number } & {
  readonly meanStock: Big | null;
  readonly stockDays: number;
};

/** No money is in it, so that it needs no rate: answers and comments that name no order. */
export const worthNothing = (row: DaySums): boolean => amounts.every((name) => Number(row[name]) === 0) && (row.stock === null || Number(row.stock) === 0);

/** @param convert rate from a row's currency on its day to the one that is summed in; 1 where they are the same */
export function sumOf(rows: readonly DaySums[], convert: (row: DaySums) => Big = () => new Big(1)): Sums {
  const money = (pick: (row: DaySums) => Amount): Big => rows.reduce((sum, row) => sum.plus(new Big(pick(row)).times(convert(row))), new Big(0));
  // several sources stock the same day: their stocks are added, days are averaged
  const stockByDay = new Map<string, Big>();
  for (const row of rows) if (row.stock !== null) stockByDay.set(row.day, (stockByDay.get(row.day) ?? new Big(0)).plus(new Big(row.stock).times(convert(row))));
  const stockDays = stockByDay.size;
  return {
    ...(Object.fromEntries(amounts.map((name) => [name, money((row) => row[name])])) as { [K in (typeof amounts)[number]]: Big }),
    ...(Object.fromEntries(counts.map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0)])) as { [K in (typeof counts)[number]]: number }),
    meanStock: stockDays === 0 ? null : [...stockByDay.values()].reduce((sum, one) => sum.plus(one), new Big(0)).div(stockDays),
    stockDays,
  };
}
