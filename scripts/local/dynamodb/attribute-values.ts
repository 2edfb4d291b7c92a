import type { AttributeValue, Item } from './dynalite-types.ts';

/** `S`, `N`, `L` … and what stands under it. */
export function typed(value: AttributeValue): { readonly type: string; readonly content: unknown } {
  for (const type in value) return { type, content: value[type] };
  throw new Error('an attribute value without a type');
}

/** Deep equality; sets have no order. Numbers are kept in one notation, so that equal ones are the same text. */
export function sameValue(a: AttributeValue, b: AttributeValue): boolean {
  const left = typed(a);
  const right = typed(b);
  if (left.type !== right.type) return false;
  switch (left.type) {
    case 'SS': case 'NS': case 'BS': {
      const [one, other] = [left.content as readonly string[], right.content as readonly string[]];
      return one.length === other.length && one.every((each) => other.includes(each));
    }
    case 'L': {
      const [one, other] = [left.content as readonly AttributeValue[], right.content as readonly AttributeValue[]];
      return one.length === other.length && one.every((each, at) => sameValue(each, other[at] ?? {}));
    }
    case 'M': {
      const [one, other] = [left.content as Item, right.content as Item];
      const names = Object.keys(one);
      return names.length === Object.keys(other).length && names.every((name) => {
        const [mine, theirs] = [one[name], other[name]];
        return mine !== undefined && theirs !== undefined && sameValue(mine, theirs);
      });
    }
    default: return left.content === right.content;
  }
}

/** Text by its UTF-8 bytes, numbers by value, binary by its bytes; undefined for what has no order, or another type. */
export function compareValues(a: AttributeValue, b: AttributeValue, numberKey: (value: string) => string): number | undefined {
  const left = typed(a);
  const right = typed(b);
  if (left.type !== right.type) return undefined;
  const [one, other] = [left.content as string, right.content as string];
  switch (left.type) {
    case 'S': return Buffer.compare(Buffer.from(one), Buffer.from(other));
    case 'B': return Buffer.compare(Buffer.from(one, 'base64'), Buffer.from(other, 'base64'));
    case 'N': {
      const [mine, theirs] = [numberKey(one), numberKey(other)];
      return mine < theirs ? -1 : mine > theirs ? 1 : 0;
    }
    default: return undefined;
  }
}

const digits = (number: string): number => number.replace(/^-?0*\.?0*|\.|e.*$/gi, '').replace(/0+$/, '').length;

function valueSize(value: AttributeValue): number {
  const { type, content } = typed(value);
  switch (type) {
    case 'S': return Buffer.byteLength(content as string);
    case 'N': return Math.ceil(digits(content as string) / 2) + 1 + ((content as string).startsWith('-') ? 1 : 0);
    case 'B': return Buffer.byteLength(content as string, 'base64');
    case 'SS': return (content as string[]).reduce((sum, one) => sum + Buffer.byteLength(one), 0);
    case 'NS': return (content as string[]).reduce((sum, one) => sum + valueSize({ N: one }), 0);
    case 'BS': return (content as string[]).reduce((sum, one) => sum + Buffer.byteLength(one, 'base64'), 0);
    case 'L': return 3 + (content as AttributeValue[]).reduce((sum, one) => sum + 1 + valueSize(one), 0);
    case 'M': return 3 + Object.keys(content as Item).length + itemSize(content as Item);
    default: return 1;
  }
}

/** Bytes of an item as DynamoDB counts them. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function itemSize(item: Item): number {
  let size = 0;
  for (const name in item) {
    const value = item[name];
    if (value) size += Buffer.byteLength(name) + valueSize(value);
  }
  return size;
}

/** A copy that shares nothing. */
export function copyValue<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyValue) as T;
  const made: Record<string, unknown> = {};
  for (const name in value) Object.defineProperty(made, name, { value: copyValue(value[name]), writable: true, enumerable: true, configurable: true });
  return made as T;
}
