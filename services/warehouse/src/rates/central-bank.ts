import { codes } from 'currency-codes';
import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod/mini';
import { isWellFormed } from './well-formed.ts';

/** Reference rates of a day: what one euro was worth. */
export interface DayOfRates {
  /** `2026-11-20`: the day for which they were published. */
  readonly day: string;
  /** Decimal text, as published. */
  readonly rates: readonly { readonly currency: string; readonly rate: string }[];
}

/** The document is not what the bank publishes. */
export class RatesUnreadable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RatesUnreadable';
  }
}

/** What all rates are against; never among them. */
const base = 'EUR';
/** Of the first published rates. */
const firstDay = '1999-01-04';
/** Currencies that are no more and stand in the document of all days. */
const former = ['CYP', 'EEK', 'HRK', 'LTL', 'LVL', 'MTL', 'ROL', 'SIT', 'SKK', 'TRL'];
const known = new Set([...codes(), ...former].filter((code) => code !== base));

const parser = new XMLParser({
  ignoreAttributes: false, attributeNamePrefix: '', parseAttributeValue: false, parseTagValue: false, removeNSPrefix: true,
  isArray: (_name, path) => path === 'Envelope.Cube.Cube' || path === 'Envelope.Cube.Cube.Cube',
});

/** Positive, and at most nine digits on either side: what the column holds. The dearest is worth 2e4 to the euro today, and was 2e6. */
const rate = z.string().check(z.regex(/^\d{1,9}(\.\d{1,9})?$/), z.refine((text) => Number(text) > 0, 'must be above zero'));
const currency = z.string().check(z.refine((code) => known.has(code), { error: ({ input }) => `'${String(input).slice(0, 8)}' is no currency that has a rate` }));
const document = z.object({
  Envelope: z.object({
    Cube: z.object({
      Cube: z.array(z.object({
        time: z.iso.date(),
        Cube: z.array(z.object({ currency, rate })).check(z.minLength(1)),
      })).check(z.minLength(1)),
    }),
  }),
});

/** The parser mends what is cut off; a document that does not end must not pass for one with fewer rates. */
function parsed(text: string): unknown {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new RatesUnreadable('the document declares entities');
  if (!isWellFormed(text)) throw new RatesUnreadable('the document is not XML that can be read');
  try {
    return parser.parse(text);
  } catch {
    throw new RatesUnreadable('the document is not XML that can be read');
  }
}

const twice = (values: readonly string[]): string | undefined => {
  const seen = new Set<string>();
  return values.find((value) => seen.size === seen.add(value).size);
};

/**
 * Reads a document of euro foreign exchange reference rates
 * (https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/): `eurofxref-daily.xml`,
 * `-hist-90d.xml` or `-hist.xml`; all three have the same form. Whole or not at all.
 * @param now milliseconds since 1970: no rate is of a later day
 * @returns the days, oldest first
 * @throws RatesUnreadable that names the first place at fault
 */
export function readRates(text: string, now: number): DayOfRates[] {
  const read = z.safeParse(document, parsed(text));
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new RatesUnreadable(`${issue?.path.map(String).join('.') || 'the document'}: ${issue?.message ?? 'is not what is published'}`);
  }
  const days = read.data.Envelope.Cube.Cube.map(({ time, Cube: rates }) => ({ day: time, rates })).sort((a, b) => (a.day < b.day ? -1 : 1));
  const today = new Date(now).toISOString().slice(0, 10);
  for (const { day, rates } of days) {
    if (day < firstDay || day > today) throw new RatesUnreadable(`${day}: no day between ${firstDay} and ${today}`);
    const again = twice(rates.map((one) => one.currency));
    if (again !== undefined) throw new RatesUnreadable(`${day}: ${again} comes twice`);
  }
  const day = twice(days.map((one) => one.day));
  if (day !== undefined) throw new RatesUnreadable(`${day} comes twice`);
  return days;
}
