import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod/mini';

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

const parser = new XMLParser({
  ignoreAttributes: false, attributeNamePrefix: '', parseAttributeValue: false, parseTagValue: false, removeNSPrefix: true,
  isArray: (_name, path) => path === 'Envelope.Cube.Cube' || path === 'Envelope.Cube.Cube.Cube',
});

/** Positive, and at most nine digits on either side: what the column holds. The dearest is worth 1e5 to the euro today. */
const rate = z.string().check(z.regex(/^\d{1,9}(\.\d{1,9})?$/), z.refine((text) => Number(text) > 0, 'must be above zero'));
const document = z.object({
  Envelope: z.object({
    Cube: z.object({
      Cube: z.array(z.object({
        time: z.iso.date(),
        Cube: z.array(z.object({ currency: z.string().check(z.regex(/^[A-Z]{3}$/)), rate })),
      })).check(z.minLength(1)),
    }),
  }),
});

/**
 * Reads a document of euro foreign exchange reference rates
 * (https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/): `eurofxref-daily.xml`,
 * `-hist-90d.xml` or `-hist.xml`; all three have the same form.
 * @returns the days, oldest first
 * @throws RatesUnreadable that names the first place at fault
 */
export function readRates(text: string): DayOfRates[] {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new RatesUnreadable('the document declares entities');
  let value: unknown;
  try {
    value = parser.parse(text);
  } catch {
    throw new RatesUnreadable('the document is not XML that can be read');
  }
  const read = z.safeParse(document, value);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new RatesUnreadable(`${issue?.path.map(String).join('.') || 'the document'}: ${issue?.message ?? 'is not what is published'}`);
  }
  const days = read.data.Envelope.Cube.Cube.map(({ time, Cube: rates }) => ({ day: time, rates: rates.map(({ currency, rate: worth }) => ({ currency, rate: worth })) }));
  for (const { day, rates } of days) if (new Set(rates.map(({ currency }) => currency)).size !== rates.length) throw new RatesUnreadable(`${day}: a currency comes twice`);
  return days.sort((a, b) => (a.day < b.day ? -1 : 1));
}
