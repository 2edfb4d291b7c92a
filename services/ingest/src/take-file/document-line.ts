import type { Account } from '@orderflow/shared/accounts';
import type { LineClass, OrderLine } from '@orderflow/shared/events';
import { lineMoney, present, timeOfText, Unreadable } from '../convert/index.ts';
import type { Mapping } from './mapping.ts';
import type { Reader } from './place.ts';
import type { Row } from './rows.ts';

/** What is needed to read a document's lines. */
export interface DocumentReading {
  readonly mapping: Mapping;
  readonly reader: Reader;
  readonly account: Account;
  /** Orders are recorded without mail or notice (files, unless they are taken live). */
  readonly historical: boolean;
  readonly classOf: (code: string) => LineClass | undefined;
  /** Version of a document of that time. */
  readonly sequenceAt: (at: string) => string;
  /** Time of a text, remembered: neighbouring lines have the same. */
  readonly time: (text: string, path: string) => string;
}

/** One line of a document, amounts in minor units. */
export interface Line {
  readonly row: Row;
  readonly line: OrderLine;
  readonly dropped: string | undefined;
  readonly known: boolean;
  readonly at: string;
}

/** Times are read once for equal texts that follow each other. */
export function timeReader({ zone, format }: Mapping['time'], now: number): DocumentReading['time'] {
  let last: { readonly text: string; readonly time: string } | undefined;
  return (text, path) => {
    if (last?.text !== text) {
      last = { text, time: timeOfText(text, path, { zone, now, ...(format === undefined ? {} : { format }) }) };
    }
    return last.time;
  };
}

const mostRemembered = 10_000;

/** Class of a code by the mapping's rules, upper and lower case alike; undefined when no rule knows it. */
export function classifier({ line }: Mapping): (code: string) => LineClass | undefined {
  const rules = line.classes.map(({ class: name, codes, matches }) => ({
    name,
    codes: new Set(codes?.map((code) => code.toUpperCase())),
    pattern: matches === undefined ? undefined : new RegExp(matches, 'i'),
  }));
  const known = new Map<string, LineClass | undefined>();
  return (code) => {
    if (!known.has(code)) {
      if (known.size >= mostRemembered) known.clear();
      const upper = code.toUpperCase();
      known.set(code, rules.find(({ codes, pattern }) => codes.has(upper) || pattern?.test(code) === true)?.name);
    }
    return known.get(code);
  };
}

/** One row → one line. @throws Unreadable naming line and column */
export function lineOf(row: Row, ordinal: number, currency: string, { mapping, reader, time, classOf }: DocumentReading): Line {
  const places = mapping.line;
  const productId = reader.value(row, places.productId);
  if (productId === undefined) throw new Unreadable('missing', reader.path(row, places.productId), 'is missing');
  const quantity = reader.integer(row, places.quantity);
  const unitPrice = reader.decimal(row, places.unitPrice);
  const money = lineMoney(quantity, unitPrice, currency, reader.path(row, places.unitPrice));
  const known = classOf(productId);
  const at = reader.text(row, mapping.document.at);
  if (at === undefined) throw new Unreadable('missing', reader.path(row, mapping.document.at), 'is missing');
  return {
    row,
    line: present({
      id: String(ordinal),
      productId,
      sku: reader.value(row, places.sku),
      name: reader.value(row, places.name),
      category: reader.value(row, places.category),
      seller: reader.value(row, places.seller),
      quantity,
      unitPrice,
      total: money.minor,
      unitCost: places.unitCost === undefined || reader.value(row, places.unitCost) === undefined ? undefined
        : reader.decimal(row, places.unitCost),
      class: known === undefined || known === 'product' ? undefined : known,
    }),
    dropped: money.dropped,
    known: known !== undefined || mapping.line.classes.length === 0,
    at: time(at, reader.path(row, mapping.document.at)),
  };
}
