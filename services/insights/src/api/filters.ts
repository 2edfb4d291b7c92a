import { country, currency } from '@orderflow/shared/events';
import * as z from 'zod/mini';
import { addDays, daysIn, periodKinds, type Period } from '../sums/periods.ts';

/** Filters that several insights take; each insight lists its own, and any other is refused by name. */

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text;
/** Real days only: Date takes the 30th of February for the 2nd of March. */
export const day = z.string().check(z.refine(isDay, 'must be a day: 2026-01-31'));
const name = z.string().check(z.minLength(1), z.maxLength(512));
const whole = (least: number, most: number) => z.pipe(z.string().check(z.regex(/^\d{1,9}$/, 'must be a whole number')), z.pipe(z.transform(Number), z.number().check(z.gte(least, `must be at least ${least}`), z.lte(most, `must be at most ${most}`))));

/** All filters with what they mean, as the OpenAPI document tells it. */
export const filters = {
  period: z._default(z.enum(periodKinds), 'trailing30'),
  day: z.optional(day),
  from: z.optional(day),
  to: z.optional(day),
  source: z.optional(name),
  currency: z.optional(currency),
  country: z.optional(country),
  category: z.optional(name),
  product: z.optional(name),
  seller: z.optional(name),
  limit: z._default(whole(1, 1_000), 100),
  after: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the `next` of the page before'))),
  format: z._default(z.enum(['json', 'csv']), 'json'),
} as const;

export const filterMeanings: Readonly<Record<string, string>> = {
  period: 'Kind of period: a day, an ISO week from Monday, a calendar month, or the 30 days that end with `day`',
  day: 'A day within the period, UTC; today if left out',
  from: 'First day, UTC; 90 days before `to` if left out',
  to: 'Last day, UTC; today if left out. At most 1,100 days may be asked for at once',
  source: 'Only this source, as its adapter is named', currency: 'Only this currency, ISO 4217', country: 'Only orders to this country, ISO 3166-1 alpha-2',
  category: 'Only products of this category: its key', product: 'Only this product: its key', seller: 'Only products of this seller: its key',
  limit: 'Rows of a page', after: 'Where the next page begins: `next` of the page before', format: 'csv: the rows alone, as RFC 4180 has it, with nothing that a spreadsheet would take for a formula',
};

const mostDays = 1_100;
export class BadFilter extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.name = 'BadFilter';
    this.field = field;
  }
}

/** Days that are asked for; `to` of the answer is not within. @throws BadFilter */
export function spanOf({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }, today: string, usual = 90): Period {
  const last = to ?? today;
  const span = { from: from ?? addDays(last, 1 - usual), to: addDays(last, 1) };
  if (span.from > last) throw new BadFilter('from', 'must not be after `to`');
  if (daysIn(span) > mostDays) throw new BadFilter('from', `at most ${mostDays} days at once`);
  return span;
}

/** As an answer tells it: `to` is the last day, as in the question. */
export const told = ({ from, to }: Period): Period => ({ from, to: addDays(to, -1) });

/** Any value: bound parameters may not be empty (https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_SqlParameter.html). */
export const any = '*';
/** A condition that holds for every row while its parameter is `*`. */
export const matches = (column: string, parameter: string): string => `(:${parameter} = '*' OR ${column} = :${parameter})`;
