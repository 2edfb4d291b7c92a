import { createHash } from 'node:crypto';

/** Parts before hashing get their length in front, so that ("ab","c") and ("a","bc") differ. */
const lengthPrefixed = (parts: readonly string[]): string =>
  parts.map((part) => `${Buffer.byteLength(part, 'utf8')}:${part}`).join('');

const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/**
 * The id of the event at `position` of one delivery: 32 hex digits. `delivery` is the vendor's delivery id or, where
 * there is none (polled, fetched, files), {@link bytesHash} of the item.
 */
export const eventId = (source: string, account: string, delivery: string, position: number): string =>
  sha256(lengthPrefixed([source, account, delivery, String(position)])).slice(0, 32);

/** Hash of an item's own bytes, 64 hex digits. */
export const bytesHash = (bytes: Uint8Array | string): string => sha256(bytes);

/** JSON with object keys sorted, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
  }
  return value === undefined ? 'null' : JSON.stringify(value);
}

/** Hash of canonical `data`, 64 hex digits: equal content, equal hash, whatever the vendor's envelope counted up. */
export const dataHash = (data: unknown): string => sha256(canonicalJson(data));

/**
 * The same change of the same thing, however often and through however many topics it is delivered. Two different
 * changes in one second, or two equal partial refunds with ids of their own, keep different keys.
 */
export const semanticKey = (change: {
  readonly partitionkey: string;
  readonly type: string;
  readonly entity: string;
  readonly sequence: string;
  readonly data: unknown;
}): string =>
  sha256(
    lengthPrefixed([change.partitionkey, change.type, change.entity, change.sequence, dataHash(change.data)]),
  ).slice(0, 32);

/** 20 digits, lexically sortable, from a number of a vendor's version counter or from milliseconds. */
export function sequenceOf(value: number | bigint): string {
  const digits = value.toString();
  if (!/^\d{1,20}$/.test(digits)) throw new RangeError(`a sequence is a whole number of up to 20 digits, not ${digits}`);
  return digits.padStart(20, '0');
}

/** Sequence of a point in time, milliseconds since 1970. */
export const sequenceOfTime = (time: string): string => sequenceOf(Math.max(0, Date.parse(time)));

/** `/sources/<name>/<account>` of an event → both, as intake composes it; a name holds no slash. */
export function originOf(event: { readonly source: string }): { readonly source: string; readonly account: string } {
  const [, , source = '', ...account] = event.source.split('/');
  return { source, account: account.join('/') };
}
