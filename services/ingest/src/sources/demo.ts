import type { EventType } from '@orderflow/shared/events';

/**
 * How a source speaks, for the demo: the inverse of its map. A file `demo.ts` in a source's folder makes what the vendor
 * would send of a made-up sale; who sends it signs it by the definition. It is no part of any bundle.
 */

export interface DemoProduct {
  /** `p-101`; its digits alone are free of meaning, too. */
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly categoryId: string;
  readonly seller: string;
  /** Price and cost in US cents. */
  readonly cents: number;
  readonly costCents: number;
}

export interface DemoPerson {
  /** `c-17` */
  readonly id: string;
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly phone: string;
  readonly street: string;
  readonly place: { readonly city: string; readonly state: string; readonly country: string; readonly postalCode: string };
  readonly latitude: number;
  readonly longitude: number;
  readonly dateOfBirth: string;
  readonly joinedAt: string;
}

/** Money in minor units. */
export interface DemoLine {
  /** `1`, `2`, … */
  readonly id: string;
  readonly product: DemoProduct;
  readonly quantity: number;
  readonly unit: number;
  /** Of the whole line. */
  readonly discount: number;
  /** quantity × unit − discount */
  readonly total: number;
}

/** One sale, before any source's format. Money in minor units; total = lines + tax + shipping. */
export interface DemoSale {
  readonly n: number;
  /** Digits that no other order of any run has: at most 16, exact as a number. */
  readonly serial: string;
  /** The source's id of the order; the serial unless the source's demo says otherwise. */
  readonly id: string;
  readonly number: string;
  /** Milliseconds since 1970, whole seconds. */
  readonly placedAt: number;
  readonly currency: string;
  readonly lines: readonly DemoLine[];
  readonly tax: number;
  readonly shipping: number;
  readonly total: number;
  readonly payment: 'PAID' | 'PENDING' | 'FAILED';
  /** The provider's id of the payment, and the source that reports it where an account of ours does. */
  readonly paymentReference: string;
  readonly paidThrough: string | undefined;
  /** Absent for guests. */
  readonly person: DemoPerson | undefined;
  readonly comment: string | undefined;
}

/** How far a sale has got when it is told. */
export interface DemoState {
  readonly payment: 'PAID' | 'PENDING' | 'FAILED';
  readonly fulfilment: 'UNFULFILLED' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED';
  /** When it changed, milliseconds since 1970, whole seconds; at first when it was placed. */
  readonly at: number;
  /** From 1, one more with each change: for sources with versions of their own. */
  readonly version: number;
}

/** The first line goes back, whole. */
export interface DemoReturn {
  /** Digits that no other return of any run has, exact as a number. */
  readonly id: string;
  readonly at: number;
  readonly line: DemoLine;
  /** What is paid back: the line's total. */
  readonly amount: number;
  readonly reason: string;
  readonly comment: string;
}

/** Rating from 1 to 5. */
export interface DemoReview {
  /** Digits that no other review of any run has, exact as a number. */
  readonly id: string;
  readonly at: number;
  readonly rating: number;
  readonly comment: string;
}

/** What every message is told besides its matter. */
export interface Telling {
  /** Digits, of this delivery alone; whoever has delivery ids makes his of it. */
  readonly delivery: string;
  readonly account: string;
}

/** One request, before it is signed. */
export interface DemoMessage {
  /** POST, unless said otherwise. */
  readonly method?: string;
  /** What follows `?` in the address. */
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Our id of the thing it is about (return, product, payment reference …), where it is not what the demo gave it. */
  readonly of?: string;
  /** Types of the events in it, in payload order, where it is not the one that was asked for alone. */
  readonly makes?: readonly EventType[];
  /** The message is a thin notice, and makes `source.notified` alone: what its fetch finds at the vendor. */
  readonly fetched?: DemoFetched;
}

/** A thing as the vendor's API returns it; the stand-in of the vendor (scripts/local) hands it out. */
export interface DemoFetched {
  /** The vendor's id of it: the end of the address that is asked, or where scripts/local/vendors.ts says it stands there. */
  readonly id: string;
  readonly body: string;
  /** Our id of the thing, where it is not that of the message. */
  readonly of?: string;
  /** Types of the events in it, in order; none: the one that was asked for. */
  readonly makes?: readonly EventType[];
}

/** A window of time as a list is asked for it, UTC ISO 8601, and how many of its items come before the page. */
export interface StandInPage {
  readonly from: string;
  readonly to: string;
  readonly offset: number;
}

/** A list by time of change, page by page. */
export interface StandInList {
  readonly path: RegExp;
  readonly pageSize: number;
  /** What a query asks for; a text says what is wrong with it, and is answered 400. */
  readonly asked: (query: URLSearchParams) => StandInPage | string;
  /** When an item was last changed, UTC ISO 8601. */
  readonly modified: (item: Readonly<Record<string, unknown>>) => string;
  /** One page around the items' own texts. `next`: there is more, from there on. */
  readonly page: (items: readonly string[], next: StandInPage | undefined, asked: StandInPage) => string;
  /** The page only names its items: listing them hands nothing out. */
  readonly names?: true;
}

/** How one vendor's API is stood in for: data. Paths are those below the vendor's host, with their query. */
export interface StandIn {
  /** Path of one item; the first group is its id. Default: the last word of the path. */
  readonly item?: RegExp;
  /** What is answered of an item's text; default: the text. Where several calls make it whole: the part that this path names. */
  readonly answer?: (text: string, path: string) => string;
  readonly list?: StandInList;
  /** Path under which the local public key is published. */
  readonly keys?: RegExp;
  /** Callers must say who they are (`User-Agent`). */
  readonly wantsUserAgent?: true;
  /** What the caller proves himself with, where `authorise` of the definition does not tell by headers alone. */
  readonly credentialIn?: (headers: Readonly<Record<string, string | string[] | undefined>>, query: URLSearchParams) => string | undefined;
}

export interface Demo {
  /** ISO 4217, as the source's shops may have them; where an account has a currency, that one counts. */
  readonly currencies: readonly string[];
  /** What the source's orders cannot say: sales of it are made without; `payment`: whether they are paid. */
  readonly without?: readonly ('tax' | 'shipping' | 'discount' | 'guests' | 'pending' | 'lines' | 'comment' | 'payment')[];
  /** Fulfilment of a new order, where it is not UNFULFILLED: over the counter goods are handed out at once. */
  readonly starts?: 'SHIPPED' | 'DELIVERED' | 'UNKNOWN';
  /** Its id of an order, where it is not the serial. */
  readonly orderId?: (serial: string) => string;
  /** Its id of a payment, where it takes or reports payments and that is not `pay_` and the serial. */
  readonly paymentReference?: (serial: string) => string;
  /** Its orders are polled, too: of some, not even a notice comes. `only`: of none, there are no messages. */
  readonly polled?: true | 'only';
  /** How its API is stood in for locally, where it differs from the usual: an item at the end of its address. */
  readonly standIn?: StandIn;
  /** A new order. */
  readonly ordered?: (sale: DemoSale, state: DemoState, telling: Telling) => DemoMessage;
  /** The order has changed: paid, on its way, delivered, cancelled. `tells`: which changes of fulfilment it knows. */
  readonly changed?: (sale: DemoSale, state: DemoState, telling: Telling) => DemoMessage;
  readonly tells?: readonly ('PAID' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED')[];
  /** A return that is asked for, or a refund that is made. */
  readonly returned?: (sale: DemoSale, back: DemoReturn, telling: Telling) => DemoMessage;
  readonly catalogued?: (product: DemoProduct, at: number, currency: string, telling: Telling) => DemoMessage;
  readonly counted?: (product: DemoProduct, quantity: number, at: number, telling: Telling) => DemoMessage;
  readonly reviewed?: (sale: DemoSale, review: DemoReview, telling: Telling) => DemoMessage;
  /** A customer's answer to a survey; an answer has a rating from 1 to 5. */
  readonly surveyed?: (sale: DemoSale, answer: DemoReview, telling: Telling) => DemoMessage;
  /** Stock that was written off. */
  readonly adjusted?: (product: DemoProduct, loss: { readonly id: string; readonly at: number; readonly quantity: number; readonly reason: string }, telling: Telling) => DemoMessage;
  /** Several messages in one delivery, for sources that can. */
  readonly batched?: (messages: readonly DemoMessage[], telling: Telling) => DemoMessage;
  /** A payment provider's word on the payment of another shop's sale. */
  readonly paid?: (sale: DemoSale, state: DemoState, telling: Telling) => DemoMessage;
  /** Something that is answered and counted, and nothing else. */
  readonly pinged?: (telling: Telling) => DemoMessage;
}

/** Minor units → decimal text of major units: (2550, 2) → 25.50. */
export function decimalText(minor: number, digits: number): string {
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  return `${minor < 0 ? '-' : ''}${digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`}`;
}
