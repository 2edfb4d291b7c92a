import { orderKey, type Order } from '@orderflow/shared/events';
import { coordinates, countryCode, present, Unreadable } from '../convert/index.ts';
import type { DocumentReading, Line } from './document-line.ts';
import type { Row } from './rows.ts';

/** The customer as a row names them; undefined when it names nothing. */
export function customerOf(row: Row, { mapping, reader }: DocumentReading): Order['customer'] {
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

/** A sale's lines → the order. @throws Unreadable */
export function orderOf(id: string, lines: readonly Line[], at: string, currency: string, reading: DocumentReading): Order {
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
