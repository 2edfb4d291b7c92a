import type { LineClass, OrderLine } from '@orderflow/shared/events';
import { exact, exactText, exponentOf, lineMoney, present, Unreadable, type Exact, type Fields } from '../convert/index.ts';
import { needed, type Read, type Scope } from './read.ts';

/** Where a line of an order has what. */
export interface LineMap {
  /** None: the place of the line in its list, from 1. */
  readonly id?: Read<string>;
  readonly productId?: Read<string>;
  readonly sku?: Read<string>;
  readonly name?: Read<string>;
  readonly category?: Read<string>;
  readonly seller?: Read<string>;
  /** Decimal text; none: 1. What is not whole (1.5 kg) becomes one unit at the price of all of it. */
  readonly quantity?: Read<string>;
  /** Decimal text of major units, before any discount of the line. None: what one unit of the total is. */
  readonly unitPrice?: Read<string>;
  readonly discount?: Read<number>;
  readonly tax?: Read<number>;
  /** Minor units as the source says it; none: quantity × unit price − discount. */
  readonly total?: Read<number>;
  readonly unitCost?: Read<string>;
  readonly class?: Read<LineClass>;
}

const times = (a: Exact, b: Exact): Exact => ({ units: a.units * b.units, scale: a.scale + b.scale });

/** Nine digits after the point at most: what the canonical schema takes. */
const decimalOf = (value: Exact): string => {
  if (value.scale <= 9) return exactText(value);
  const divisor = 10n ** BigInt(value.scale - 9);
  const size = value.units < 0n ? -value.units : value.units;
  const rounded = (size + divisor / 2n) / divisor;
  return exactText({ units: value.units < 0n ? -rounded : rounded, scale: 9 });
};

/** What one of `quantity` units costs when all of them cost `total` minor units. */
const unitOf = (total: number, quantity: number, currency: string): string => {
  const scale = exponentOf(currency);
  return quantity === 0 ? '0' : decimalOf({ units: (BigInt(total) * 10n ** 12n) / BigInt(quantity), scale: scale + 12 });
};

/** Quantity in whole units, and what one unit costs, in any sense of it, in such units. */
function wholeUnits(quantity: string, path: string): readonly [number, (ofOne: string | undefined) => string | undefined] {
  const count = exact(quantity, path);
  const text = exactText(count);
  if (/^-?\d+$/.test(text)) {
    const number = Number(text);
    if (!Number.isSafeInteger(number)) throw new Unreadable('quantity', path, 'is larger than a quantity can be');
    return [number, (ofOne) => ofOne];
  }
  const size = { ...count, units: count.units < 0n ? -count.units : count.units };
  return [count.units < 0n ? -1 : 1, (ofOne) => (ofOne === undefined ? undefined : decimalOf(times(size, exact(ofOne))))];
}

/**
 * One line; `place` is its place in the list, from 0. What rounding takes off a total that we compute is put into `dropped`.
 * @throws Unreadable
 */
export function lineOf(map: LineMap, fields: Fields, scope: Scope, place: number, dropped: string[]): OrderLine {
  const { currency } = scope;
  const said = map.total?.(fields, scope);
  const [quantity, whole] = wholeUnits(map.quantity?.(fields, scope) ?? '1', fields.path(map.quantity?.at));
  const given = whole(map.unitPrice?.(fields, scope));
  const discount = map.discount?.(fields, scope);
  if (given === undefined && said === undefined) throw new Unreadable('missing', fields.path(map.unitPrice?.at ?? map.total?.at), 'is missing');
  const unitPrice = (given !== undefined && /\.\d{10}/.test(given) ? decimalOf(exact(given)) : given) ?? unitOf((said ?? 0) + (discount ?? 0), quantity, currency);
  const computed = said === undefined ? lineMoney(quantity, unitPrice, currency, fields.path(map.unitPrice?.at)) : undefined;
  if (computed?.dropped !== undefined) dropped.push(computed.dropped);
  return present({
    id: map.id ? needed(map.id, fields, scope) : String(place + 1),
    productId: map.productId?.(fields, scope),
    sku: map.sku?.(fields, scope),
    name: map.name?.(fields, scope),
    category: map.category?.(fields, scope),
    seller: map.seller?.(fields, scope),
    quantity,
    unitPrice,
    discount: discount === 0 ? undefined : discount,
    tax: map.tax?.(fields, scope),
    total: said ?? (computed?.minor ?? 0) - (discount ?? 0),
    unitCost: whole(map.unitCost?.(fields, scope)),
    class: map.class?.(fields, scope),
  });
}

/** Lines that are alike but for their id → one line with their quantities, for sources that write a row for each unit. */
export function grouped(lines: readonly OrderLine[]): readonly OrderLine[] {
  const groups = new Map<string, OrderLine>();
  for (const line of lines) {
    const { id: _id, quantity: _quantity, total: _total, discount: _discount, tax: _tax, ...alike } = line;
    const key = JSON.stringify(alike);
    const known = groups.get(key);
    groups.set(key, known === undefined ? line : present({
      ...known,
      quantity: known.quantity + line.quantity,
      total: known.total + line.total,
      discount: known.discount === undefined && line.discount === undefined ? undefined : (known.discount ?? 0) + (line.discount ?? 0),
      tax: known.tax === undefined && line.tax === undefined ? undefined : (known.tax ?? 0) + (line.tax ?? 0),
    }));
  }
  return [...groups.values()];
}
