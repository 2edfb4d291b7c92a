import {
  orderKey, sequenceOf, sequenceOfTime, type Customer, type FulfilmentStatus, type Order, type OrderLine, type OrderStatus, type PaymentStatus,
} from '@orderflow/shared/events';
import { present, Unreadable, type Coordinates, type Fields } from '../convert/index.ts';
import { grouped, lineOf, type LineMap } from './line.ts';
import { needed, type Read, type Scope } from './read.ts';

/** Where the customer of an order is told. */
export interface CustomerMap {
  readonly id?: Read<string>;
  readonly name?: Read<string>;
  readonly email?: Read<string>;
  readonly phone?: Read<string>;
  readonly dateOfBirth?: Read<string>;
  readonly joinedAt?: Read<string>;
  readonly line?: Read<string>;
  readonly city?: Read<string>;
  readonly state?: Read<string>;
  readonly postalCode?: Read<string>;
  readonly country?: Read<string>;
}

/** Where an order has what. `currency` is read first; every amount below is in it. */
export interface OrderMap {
  readonly id: Read<string>;
  readonly number?: Read<string>;
  readonly placedAt: Read<string>;
  /** When it last changed, or the source's own version of it: the newer of two states wins. None: when it was placed. */
  readonly version?: Read<string | number>;
  readonly status: Read<OrderStatus>;
  readonly test?: Read<true>;
  readonly currency: Read<string>;
  readonly total: Read<number>;
  readonly subtotal?: Read<number>;
  readonly discount?: Read<number>;
  readonly tax?: Read<number>;
  readonly shipping?: Read<number>;
  readonly payment: {
    readonly status: Read<PaymentStatus>;
    readonly method?: Read<string>;
    /** Our name of the source that reports the payment: `stripe`. */
    readonly provider?: Read<string>;
    readonly reference?: Read<string>;
    readonly fee?: Read<number>;
    readonly settlesAt?: Read<string>;
  };
  readonly fulfilment: { readonly status: Read<FulfilmentStatus>; readonly promisedAt?: Read<string>; readonly deliveredAt?: Read<string> };
  readonly customer?: CustomerMap;
  readonly position?: { readonly from: 'order' | 'address' | 'store'; readonly at: Read<Coordinates> };
  readonly store?: { readonly id: Read<string>; readonly name?: Read<string> };
  readonly lines: {
    readonly of: (fields: Fields) => readonly Fields[];
    readonly map: LineMap;
    /** A row for each unit: rows that are alike are one line. */
    readonly oneRowPerUnit?: true;
  };
  /** Lines that stand elsewhere or are told apart by code: postage, tips, fees. Their class says what they are. */
  readonly more?: (fields: Fields, scope: Scope) => readonly OrderLine[];
  readonly comment?: Read<string>;
}

const filled = <T extends object>(value: T): T | undefined => (Object.keys(value).length === 0 ? undefined : value);

function customerOf(map: CustomerMap, fields: Fields, scope: Scope): Customer | undefined {
  return filled(present({
    id: map.id?.(fields, scope),
    name: map.name?.(fields, scope),
    email: map.email?.(fields, scope),
    phone: map.phone?.(fields, scope),
    dateOfBirth: map.dateOfBirth?.(fields, scope),
    joinedAt: map.joinedAt?.(fields, scope),
    address: filled(present({
      line: map.line?.(fields, scope),
      city: map.city?.(fields, scope),
      state: map.state?.(fields, scope),
      postalCode: map.postalCode?.(fields, scope),
      country: map.country?.(fields, scope),
    })),
  }));
}

/** The order of a payload, its version (which of two states is newer) and the scope in which more of it is read. */
export interface ReadOrder {
  readonly order: Order;
  readonly sequence: string;
  readonly scope: Scope;
  /** What rounding took off its lines' totals, each as decimal text in major units. */
  readonly dropped: readonly string[];
}

/** A time counts in milliseconds, a number as it stands; one source has one kind only. @throws Unreadable */
export function sequenceFrom(version: string | number): string {
  if (typeof version === 'number' && version < 0) throw new Unreadable('version', '$', 'has a version that is less than nothing');
  return typeof version === 'number' ? sequenceOf(version) : sequenceOfTime(version);
}

/** Reads an order by its map. @throws Unreadable with the path of the first field at fault */
export function readOrder(map: OrderMap, fields: Fields, outer: Scope): ReadOrder {
  const scope = { ...outer, currency: needed(map.currency, fields, outer) };
  const { source, account } = scope.account;
  const id = needed(map.id, fields, scope);
  const placedAt = needed(map.placedAt, fields, scope);
  const { payment, fulfilment, customer, position, store } = map;
  const at = position?.at(fields, scope);
  const storeId = store?.id(fields, scope);
  const dropped: string[] = [];
  const ofLine = { ...scope, outer: fields };
  const lines = map.lines.of(fields).map((line, place) => lineOf(map.lines.map, line, ofLine, place, dropped));
  const order: Order = present({
    key: orderKey(source, account, id),
    source,
    account,
    id,
    number: map.number?.(fields, scope),
    placedAt,
    status: map.status(fields, scope) ?? 'UNKNOWN',
    test: map.test?.(fields, scope),
    currency: scope.currency,
    total: needed(map.total, fields, scope),
    subtotal: map.subtotal?.(fields, scope),
    discount: map.discount?.(fields, scope),
    tax: map.tax?.(fields, scope),
    shipping: map.shipping?.(fields, scope),
    payment: present({
      status: payment.status(fields, scope) ?? 'UNKNOWN',
      method: payment.method?.(fields, scope),
      provider: payment.provider?.(fields, scope),
      reference: payment.reference?.(fields, scope),
      fee: payment.fee?.(fields, scope),
      settlesAt: payment.settlesAt?.(fields, scope),
    }),
    fulfilment: present({
      status: fulfilment.status(fields, scope) ?? 'UNKNOWN',
      promisedAt: fulfilment.promisedAt?.(fields, scope),
      deliveredAt: fulfilment.deliveredAt?.(fields, scope),
    }),
    customer: customer && customerOf(customer, fields, scope),
    position: position && at && { ...at, from: position.from },
    store: storeId === undefined ? undefined : present({ id: storeId, name: store?.name?.(fields, scope) }),
    lines: [...(map.lines.oneRowPerUnit ? grouped(lines) : lines), ...(map.more?.(fields, scope) ?? [])],
    comment: map.comment?.(fields, scope),
  });
  return { order, sequence: sequenceFrom(map.version?.(fields, scope) ?? placedAt), scope, dropped };
}
