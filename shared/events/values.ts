import { $constructor, $ZodObjectJIT } from 'zod/v4/core';
import * as z from 'zod/mini';

/** Time, UTC, ISO 8601 with `Z`; milliseconds optional. */
export const timestamp = z.string().check(
  z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/, 'must be a UTC time such as 2026-11-22T09:30:00Z'),
  z.refine((text) => !Number.isNaN(Date.parse(text)), 'is no date of the calendar'),
);

/** A calendar day, ISO 8601. */
export const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2026-11-22'));

/** Amount of money in the minor unit of its currency (cents), exact. */
export const minor = z.int();

/** Decimal number kept as text, because a float would round it (a unit price may be 0.001). */
export const decimal = z.string().check(z.regex(/^-?\d{1,18}(\.\d{1,9})?$/, 'must be a decimal number as text'));

/** ISO 4217. */
export const currency = z.string().check(z.regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code'));

/** ISO 3166-1 alpha-2. */
export const country = z.string().check(z.regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code'));

/** NUL is refused, because no database of ours stores it. */
const withoutNul = z.refine<string>((value) => !value.includes('\0'), 'must not contain NUL');

/** An identifier as its source wrote it; long enough for any vendor's, short enough for a column VARCHAR(128). */
export const identifier = z.string().check(z.minLength(1), z.maxLength(128), withoutNul);

/** A composed key, see {@link composeKey}; a partition key of Kinesis has at most 256 characters. */
export const key = z.string().check(z.minLength(3), z.maxLength(256), withoutNul);

/** Free text of people. */
export const text = (most: number) => z.string().check(z.maxLength(most), withoutNul);

/**
 * Composed keys: parts joined by `:`, each with `%` and `:` percent-encoded. Keys are composed and compared, never
 * taken apart.
 */
export const composeKey = (...parts: readonly string[]): string =>
  parts.map((part) => part.replaceAll('%', '%25').replaceAll(':', '%3A')).join(':');

/** `<source>:<account>:<order id>` — the partition of an order and of everything that belongs to it. */
export const orderKey = (source: string, account: string, id: string): string => composeKey(source, account, id);

/** Partition of a payment that a payment provider reports: `<source>:<account>:payment:<reference>`. */
export const paymentKey = (source: string, account: string, reference: string): string =>
  composeKey(source, account, 'payment', reference);

const fast: z.core.$constructor<z.core.$ZodObject> = $ZodObjectJIT;
const mini: z.core.$constructor<z.ZodMiniObject> = z.ZodMiniObject;

const compiled = /* @__PURE__ */ $constructor<z.ZodMiniObject>('CompiledObject', (one, rules) => {
  fast.init(one, rules);
  mini.init(one, rules);
});

/**
 * `z.strictObject` whose check is compiled when it is first used: `zod/mini` itself only interprets
 * (https://zod.dev/packages/core#schemas). Every event passes through several of these.
 */
export const strictObject = <T extends z.core.$ZodShape>(shape: T): z.ZodMiniObject<T, z.core.$strict> =>
  new compiled({ type: 'object', shape, catchall: z.never() }) as unknown as z.ZodMiniObject<T, z.core.$strict>;
