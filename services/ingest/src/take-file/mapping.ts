import * as z from 'zod/mini';
import { country, currency, fulfilmentStatuses, lineClasses, orderStatuses, paymentStatuses } from '@orderflow/shared/events';

const columnName = z.string().check(z.minLength(1), z.maxLength(128));
const pattern = z.string().check(
  z.maxLength(256),
  z.refine((text) => {
    try {
      return new RegExp(text, 'i') instanceof RegExp;
    } catch {
      return false;
    }
  }, 'is no regular expression'),
);

/** Where a value comes from: a column, what to cut off its text, and what its words mean. */
const place = z.union([
  columnName,
  z.strictObject({
    column: columnName,
    /** Regular expression whose match is taken away (`\.0$`). */
    strip: z.optional(pattern),
    /** The file's word → ours. */
    values: z.optional(z.record(z.string(), z.string())),
  }),
]);
export type Place = z.infer<typeof place>;

const condition = z.union([
  z.enum(['negative', 'zero', 'positive', 'empty']),
  z.strictObject({ matches: pattern }),
  z.strictObject({ equals: z.string() }),
]);
export type Condition = z.infer<typeof condition>;

/** What a document of the file is: an order; a refund already made; stock or money written off. */
export const documentKinds = ['sale', 'return', 'stock', 'ledger'] as const;

/** How the columns of a CSV file become canonical events. */
export const mapping = z.strictObject({
  name: z.string().check(z.regex(/^[a-z0-9-]{1,64}$/, 'must be lower case letters, digits and dashes')),
  /** The exact set of columns, in any order. */
  columns: z.array(columnName).check(z.minLength(1)),
  delimiter: z._default(z.string().check(z.regex(/^[^"\r\n]$/, 'must be one character, no quotation mark and no line end')), ','),
  encoding: z._default(z.enum(['utf8', 'latin1']), 'utf8'),
  /** What stands before the decimals. */
  decimal: z._default(z.enum(['.', ',']), '.'),
  /** IANA zone and Luxon format of times; ISO 8601 without `format`. */
  time: z.strictObject({ zone: z.string(), format: z.optional(z.string()) }),
  currency: z.union([currency, z.strictObject({ column: columnName })]),
  document: z.strictObject({
    id: place,
    /** Lines of other documents after which one is complete; 0: the next line with another id ends it. */
    closeAfterRows: z._default(z.int().check(z.gte(0), z.lte(100_000)), 0),
    at: columnName,
    kinds: z._default(
      z.array(
        z.strictObject({ kind: z.enum(documentKinds), when: z._default(z.record(columnName, condition), {}) }),
      ).check(z.minLength(1)),
      [{ kind: 'sale', when: {} }],
    ),
  }),
  order: z._default(
    z.strictObject({
      number: z.optional(place),
      status: z._default(z.enum(orderStatuses), 'UNKNOWN'),
      payment: z._default(z.enum(paymentStatuses), 'UNKNOWN'),
      fulfilment: z._default(z.enum(fulfilmentStatuses), 'UNKNOWN'),
      comment: z.optional(place),
      latitude: z.optional(place),
      longitude: z.optional(place),
    }),
    { status: 'UNKNOWN', payment: 'UNKNOWN', fulfilment: 'UNKNOWN' },
  ),
  customer: z._default(
    z.strictObject({
      id: z.optional(place), name: z.optional(place), email: z.optional(place), phone: z.optional(place),
      line: z.optional(place), city: z.optional(place), state: z.optional(place), postalCode: z.optional(place),
      country: z.optional(place),
    }),
    {},
  ),
  line: z.strictObject({
    productId: place,
    sku: z.optional(place),
    name: z.optional(place),
    category: z.optional(place),
    seller: z.optional(place),
    quantity: place,
    unitPrice: place,
    unitCost: z.optional(place),
    classes: z._default(
      z.array(
        z.strictObject({
          class: z.enum(lineClasses), codes: z.optional(z.array(z.string())), matches: z.optional(pattern),
        }),
      ),
      [],
    ),
  }),
  /** Country as the file writes it → ISO 3166-1 alpha-2, or null: no country, the text is kept. */
  countries: z._default(z.record(z.string(), z.nullable(country)), {}),
});

export type Mapping = z.infer<typeof mapping>;

/** Every column that a mapping reads. */
function columnsRead(value: unknown): string[] {
  const { document, currency: money, order, customer, line } = value as Mapping;
  const of = (one: unknown): string[] =>
    typeof one === 'string' ? [one] : typeof one === 'object' && one !== null && 'column' in one ? [String(one.column)] : [];
  const orderPlaces = [order.number, order.comment, order.latitude, order.longitude];
  const { classes: _classes, ...linePlaces } = line;
  return [
    ...[document.id, document.at, ...orderPlaces, ...Object.values(customer), ...Object.values(linePlaces)].flatMap(of),
    ...(typeof money === 'string' ? [] : [money.column]),
    ...document.kinds.flatMap(({ when }) => Object.keys(when)),
  ];
}

/** Reads a mapping. @throws Error with one line that names the key at fault */
export function parseMapping(value: unknown): Mapping {
  const read = z.safeParse(mapping, value);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new Error(`mapping: ${issue?.path.map(String).join('.') || 'the whole'}: ${issue?.message ?? 'invalid'}`);
  }
  const missing = columnsRead(read.data).find((column) => !read.data.columns.includes(column));
  if (missing !== undefined) throw new Error(`mapping ${read.data.name}: column ${missing} is read but not among its columns`);
  return read.data;
}

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && new Set([...a, ...b]).size === a.length;

/** The one mapping whose columns are exactly those of a file. @throws Error, one line, when none or several are */
export function chooseMapping(header: readonly string[], mappings: readonly Mapping[]): Mapping {
  const fitting = mappings.filter(({ columns }) => sameSet(columns, header));
  const [only] = fitting;
  if (only && fitting.length === 1) return only;
  const columns = header.slice(0, 20).join(', ');
  if (fitting.length > 1) throw new Error(`several mappings have the columns ${columns}: name one with --mapping`);
  const known = mappings.map(({ name }) => name).join(', ');
  const hint = header.length === 1 && /[;\t|]/.test(columns) ? 'its delimiter is no comma, which a mapping must say; ' : '';
  throw new Error(`no mapping has the columns ${columns}: ${hint}write one (services/ingest/README.md) and name it with --mapping; shipped: ${known}`);
}

/** A mapping for a file with this header. @throws Error, one line, naming a missing column */
export function checkHeader(header: readonly string[], { name, columns }: Mapping): void {
  const missing = columns.find((column) => !header.includes(column));
  if (missing !== undefined) throw new Error(`mapping ${name}: the file has no column ${missing}; it has ${header.slice(0, 20).join(', ')}`);
  if (new Set(header).size !== header.length) throw new Error('the file names a column twice');
}
