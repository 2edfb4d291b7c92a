import type { Account } from '@orderflow/shared/accounts';
import { bytesHash, orderKey, sequenceOfTime, type LineClass, type Order, type OrderLine } from '@orderflow/shared/events';
import { coordinates, countryCode, exact, exactText, lineMoney, present, sum, timeOfText, Unreadable, type Exact } from '../convert/index.ts';
import type { Draft, Rejection } from '../sources/definition.ts';
import type { Document } from './documents.ts';
import type { Mapping } from './mapping.ts';
import type { Reader } from './place.ts';
import type { Row } from './rows.ts';

/** A line of the file that could not be read; the rest of its document goes on. */
export interface RejectedRow extends Rejection {
  readonly row: Row;
}

/** What one document says. */
export interface ReadDocument {
  readonly drafts: readonly Draft[];
  readonly rejected: readonly RejectedRow[];
  /** Σ (quantity × unit price − rounded line total), exact, and how many lines contributed. */
  readonly remainder: Exact;
  readonly remainderLines: number;
  readonly currency: string;
  /** Codes that no rule of the mapping knows, taken as products. */
  readonly unknownCodes: readonly string[];
}

export interface DocumentReading {
  readonly mapping: Mapping;
  readonly reader: Reader;
  readonly account: Account;
  /** Orders are recorded without mail or notice (files, unless they are taken live). */
  readonly historical: boolean;
  readonly classOf: (code: string) => LineClass | undefined;
  /** Time of a text, remembered: neighbouring lines have the same. */
  readonly time: (text: string, path: string) => string;
}

/** One line of a document, amounts in minor units. */
interface Line {
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
      const upper = code.toUpperCase();
      known.set(code, rules.find(({ codes, pattern }) => codes.has(upper) || pattern?.test(code) === true)?.name);
    }
    return known.get(code);
  };
}

function lineOf(row: Row, ordinal: number, currency: string, { mapping, reader, time, classOf }: DocumentReading): Line {
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

function customerOf(row: Row, { mapping, reader }: DocumentReading): Order['customer'] {
  const { country: where, id, name, email, phone, ...address } = mapping.customer;
  const text = reader.value(row, where);
  const named = text !== undefined && Object.hasOwn(mapping.countries, text) ? mapping.countries[text] : undefined;
  const code = text === undefined || named === null ? undefined : (named ?? countryCode(text));
  const place = present({
    // a country's text that stands for none is kept as it is
    line: reader.value(row, address.line) ?? (code === undefined ? text : undefined),
    city: reader.value(row, address.city),
    state: reader.value(row, address.state),
    postalCode: reader.value(row, address.postalCode),
    country: code,
  });
  const found = present({
    id: reader.value(row, id),
    name: reader.value(row, name),
    email: reader.value(row, email),
    phone: reader.value(row, phone),
    address: Object.keys(place).length > 0 ? place : undefined,
  });
  return Object.keys(found).length > 0 ? found : undefined;
}

function orderOf(id: string, lines: readonly Line[], at: string, currency: string, reading: DocumentReading): Order {
  const { account, mapping, reader, historical } = reading;
  const [first] = lines;
  if (!first) throw new Unreadable('empty', '$', 'has no line that can be read');
  const { number, comment, latitude, longitude, status, payment, fulfilment } = mapping.order;
  const position = coordinates(reader.value(first.row, latitude), reader.value(first.row, longitude), `$.lines[${first.row.number}]`);
  return present({
    key: orderKey(account.source, account.account, id),
    source: account.source,
    account: account.account,
    id,
    number: reader.value(first.row, number),
    placedAt: at,
    status,
    historical: historical ? true : undefined,
    currency,
    total: lines.reduce((total, { line }) => total + line.total, 0),
    payment: { status: payment },
    fulfilment: { status: fulfilment },
    customer: customerOf(first.row, reading),
    position: position && { ...position, from: 'order' as const },
    lines: lines.map(({ line }) => line),
    comment: reader.value(first.row, comment),
  });
}

/** A credit note: money that has already gone back. Amounts and quantities count what came back, so they are positive. */
function returnOf(id: string, lines: readonly Line[], at: string, currency: string, reading: DocumentReading): Draft {
  const amount = 0 - lines.reduce((total, { line }) => total + line.total, 0);
  const customerId = lines[0] && customerOf(lines[0].row, reading)?.id;
  const data = {
    return: present({
      id,
      requestedAt: at,
      decided: { outcome: 'APPROVED' as const, amount, at, by: 'source' as const },
      currency,
      amount,
      customerId,
      historical: reading.historical ? true : undefined,
      lines: lines.map(({ line }) =>
        present({
          id: line.id, productId: line.productId, sku: line.sku, name: line.name, quantity: 0 - line.quantity,
          amount: 0 - line.total, class: line.class,
        })),
    }),
  };
  return { type: 'return.requested', time: at, sequence: sequenceOfTime(at), data };
}

/** Write-offs and ledger entries: one adjustment a line, signed as the file signs them. */
const adjustmentsOf = (
  id: string, kind: 'stock' | 'ledger', lines: readonly Line[], currency: string, { historical }: DocumentReading,
): readonly Draft[] =>
  lines.map(({ line, at }) => ({
    type: 'adjustment.recorded',
    time: at,
    sequence: sequenceOfTime(at),
    data: {
      adjustment: present({
        id: lines.length === 1 ? id : `${id}-${line.id}`,
        kind,
        productId: line.productId,
        quantity: line.quantity,
        amount: line.total,
        currency,
        reason: line.name,
        at,
        historical: historical ? true : undefined,
      }),
    },
  }));

const currencyOf = (row: Row, { mapping, reader }: DocumentReading): string => {
  if (typeof mapping.currency === 'string') return mapping.currency;
  const found = reader.text(row, mapping.currency.column)?.toUpperCase();
  if (found === undefined) throw new Unreadable('missing', reader.path(row, mapping.currency.column), 'is missing');
  return found;
};

const rejectionOf = (row: Row, error: unknown): RejectedRow => {
  if (error instanceof Unreadable) return { row, code: error.code, path: error.path, message: error.message };
  throw error;
};

/** One document's lines → events. Pure. A line that cannot be read is given back with its number; the others go on. */
export function readDocument(document: Document, reading: DocumentReading): ReadDocument {
  const { mapping, reader } = reading;
  const rejected: RejectedRow[] = [];
  const lines: Line[] = [];
  let currency = typeof mapping.currency === 'string' ? mapping.currency : '';
  document.rows.forEach((row, at) => {
    try {
      if (currency === '') currency = currencyOf(row, reading);
      lines.push(lineOf(row, at + 1, currency, reading));
    } catch (error) {
      rejected.push(rejectionOf(row, error));
    }
  });
  const dropped = lines.flatMap((line) => (line.dropped === undefined ? [] : [exact(line.dropped)]));
  const summary = {
    rejected,
    remainder: dropped.reduce(sum, { units: 0n, scale: 0 }),
    remainderLines: dropped.length,
    currency,
    unknownCodes: lines.filter(({ known }) => !known).map(({ line }) => line.productId ?? ''),
  };
  const [first] = lines;
  if (!first) return { ...summary, drafts: [] };
  const at = lines.reduce((earliest, line) => (line.at < earliest ? line.at : earliest), first.at);
  const kind = mapping.document.kinds.find(({ when }) =>
    Object.entries(when).every(([column, condition]) => lines.every(({ row }) => reader.holds(row, column, condition))),
  )?.kind;
  try {
    return { ...summary, drafts: draftsOf(kind, document.id, lines, at, currency, reading) };
  } catch (error) {
    return { ...summary, drafts: [], rejected: [...rejected, ...lines.map(({ row }) => rejectionOf(row, error))] };
  }
}

function draftsOf(
  kind: 'sale' | 'return' | 'stock' | 'ledger' | undefined, id: string, lines: readonly Line[], at: string, currency: string,
  reading: DocumentReading,
): readonly Draft[] {
  switch (kind) {
    case 'sale':
      return [{ type: 'order.created', time: at, sequence: sequenceOfTime(at), data: { order: orderOf(id, lines, at, currency, reading) } }];
    case 'return':
      return [returnOf(id, lines, at, currency, reading)];
    case 'stock':
    case 'ledger':
      return adjustmentsOf(id, kind, lines, currency, reading);
    case undefined:
      throw new Unreadable('kind', '$', 'is a document of no kind that the mapping names');
  }
}

/** What rounding took off a file's line totals, in the one line that names it; its money is not a minor unit, so it is text. */
export function remainderDraft(
  remainder: Exact, lines: number, currency: string, at: string, eventIds: readonly string[], historical: boolean,
): Draft {
  return {
    type: 'adjustment.recorded',
    time: at,
    sequence: sequenceOfTime(at),
    data: {
      adjustment: present({
        id: `rounding-${bytesHash(eventIds.join()).slice(0, 16)}`,
        kind: 'other' as const,
        amount: 0,
        currency,
        reason: `rounding remainder ${exactText(remainder)} ${currency} of ${lines} lines`,
        at,
        historical: historical ? true : undefined,
      }),
    },
  };
}
