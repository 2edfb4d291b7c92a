import { Unreadable } from '../convert/index.ts';
import type { Condition, Mapping, Place } from './mapping.ts';
import type { Row } from './rows.ts';

/** Reads values of rows by the names of their columns. */
export interface Reader {
  /** Text of a column, trimmed; empty → undefined. */
  text(row: Row, column: string): string | undefined;
  /** Value of a place. */
  value(row: Row, place: Place | undefined): string | undefined;
  /** A decimal number with `.` before its decimals. @throws Unreadable naming line and column */
  decimal(row: Row, place: Place): string;
  /** A whole number; `6.0` counts as one. @throws Unreadable */
  integer(row: Row, place: Place): number;
  holds(row: Row, column: string, condition: Condition): boolean;
  /** `line 17, column Quantity` as a path. */
  path(row: Row, place: Place): string;
}

const columnOf = (place: Place): string => (typeof place === 'string' ? place : place.column);

export function reader(header: readonly string[], { decimal }: Pick<Mapping, 'decimal'>): Reader {
  const index = new Map(header.map((name, at) => [name, at]));
  const patterns = new Map<string, RegExp>();
  const regExp = (source: string): RegExp => {
    const known = patterns.get(source) ?? new RegExp(source, 'i');
    patterns.set(source, known);
    return known;
  };
  const path = (row: Row, place: Place): string => `$.lines[${row.number}].${columnOf(place)}`;

  const text = (row: Row, column: string): string | undefined => {
    const value = row.values[index.get(column) ?? -1]?.trim();
    return value === '' ? undefined : value;
  };
  const value = (row: Row, place: Place | undefined): string | undefined => {
    if (place === undefined) return undefined;
    const found = text(row, columnOf(place));
    if (found === undefined || typeof place === 'string') return found;
    const stripped = place.strip === undefined ? found : found.replace(regExp(place.strip), '');
    if (!place.values) return stripped === '' ? undefined : stripped;
    if (!Object.hasOwn(place.values, stripped)) throw new Unreadable('word', path(row, place), 'is a word that the mapping does not name');
    return place.values[stripped];
  };
  const number = (row: Row, place: Place): string => {
    const found = value(row, place);
    if (found === undefined) throw new Unreadable('missing', path(row, place), 'is missing');
    const point = decimal === ',' ? found.replace(',', '.') : found;
    if (!/^[+-]?\d{1,18}(\.\d{0,9})?$/.test(point)) throw new Unreadable('decimal', path(row, place), 'is no decimal number');
    return point.replace(/^\+/, '').replace(/\.$/, '');
  };

  return {
    text,
    value,
    decimal: number,
    integer(row, place) {
      const digits = number(row, place).replace(/\.0+$/, '');
      if (!/^-?\d{1,15}$/.test(digits)) throw new Unreadable('integer', path(row, place), 'is no whole number');
      return Number(digits);
    },
    holds(row, column, condition) {
      const found = text(row, column) ?? '';
      if (typeof condition === 'object') {
        return 'equals' in condition ? found === condition.equals : regExp(condition.matches).test(found);
      }
      if (condition === 'empty') return found === '';
      const amount = Number(decimal === ',' ? found.replace(',', '.') : found);
      return condition === 'zero' ? found !== '' && amount === 0 : condition === 'negative' ? amount < 0 : amount > 0;
    },
    path,
  };
}
