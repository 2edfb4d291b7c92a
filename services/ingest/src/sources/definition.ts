import type { Account } from '@orderflow/shared/accounts';
import type { DataOf, EventType } from '@orderflow/shared/events';
import type { OwnHost, SourceApi } from './api.ts';
import type { Path, Place } from './place.ts';
import type { Unwrap } from './unwrap.ts';
import type { HttpVerify, Signed } from '../verify/index.ts';

export type { Place } from './place.ts';

/**
 * What a topic is to us: a canonical event type, a `ping` (answered, counted) or something to `ignore` (answered,
 * counted, kept raw).
 */
export type Route = EventType | 'ping' | 'ignore';

/** One event as a source's reader makes it; intake adds identity, source, partition and times of its own. */
export type Draft<T extends EventType = EventType> = {
  [K in T]: {
    readonly type: K;
    /** When it happened at the source, UTC ISO 8601. */
    readonly time: string;
    /** Version that decides which of two states is newer: `sequenceOf…` of shared/events. */
    readonly sequence: string;
    readonly data: DataOf<K>;
    /** JSON path of the item in the payload, where the payload holds several. */
    readonly at?: string;
  };
}[T];

/** An item of a delivery that cannot be read, while others can. */
export interface Rejection {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

/** What a reader knows besides the payload. */
export interface ReadingContext {
  readonly account: Account;
  readonly topic: string;
  readonly route: EventType;
  /** Those that the source names as places; names in lower case. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** Items in payload order, each an event or a rejection. */
export type Items = readonly (Draft | Rejection)[];

export const isRejection = (item: Draft | Rejection): item is Rejection => 'code' in item;

/** How a source's deliveries are authenticated: over HTTP, or by IAM because they never come over it (files, queues). */
export type Verify = HttpVerify | 'not-http';

/**
 * Public keys that a vendor publishes, for signatures and JWS that its private keys make. They are fetched from this host
 * alone and kept; a key that is not known is fetched once, and then refused for a while.
 */
export interface PublishedKeys {
  /** Scheme and host, pinned, or the account's own. */
  readonly host: string | OwnHost;
  /** Paths below the host of the keys that a request says it was signed with, checked for form; none: it names none. */
  readonly paths: (request: Pick<Signed, 'headers' | 'body'>) => readonly string[];
  /** What is found there: the key or certificate in PEM, a JSON Web Key Set, or JSON with PEM under a path. */
  readonly as: 'pem' | 'jwks' | { readonly field: Path };
  /** Asked with the account's credential for the API. */
  readonly authorised?: true;
}

/** A queue of ours (SQS) into which the vendor, its cloud or our EventBridge rule writes; IAM says who may. */
export interface IntakeQueue {
  /** AWS account or service principal that may write: `arn:aws:iam::…:root`, `events.amazonaws.com`. */
  readonly writers: readonly string[];
  /** The vendor's own id of the account in a message: that of `store` in accounts.json. An account alone of its source that has no `store` gets every message. */
  readonly store: Place;
}

/**
 * A word that the sender gives and wants back before it delivers. `field` is a name at the top of a JSON body.
 * `{ method: 'GET', from: { query: 'hub.challenge' }, echo: 'plain' }` is Meta's, for one.
 */
export interface Challenge {
  readonly method: 'GET' | 'POST';
  /** Header names in lower case. `form`: the only field of a form-encoded body. */
  readonly from: { readonly query: string } | { readonly header: string } | { readonly field: string } | { readonly form: string };
  /**
   * Alone, as text; in a JSON object; in a header; or not at all: the sender only wants a 200. `sha256`: in a JSON object the
   * hexadecimal digest of the word, the account's secret and our address, one after the other (eBay). `signed`: as text, the
   * label of the secret, `|` and the HMAC of the word as the source's `verify` makes it (Braintree).
   */
  readonly echo: 'plain' | 'nothing' | 'signed' | { readonly field: string } | { readonly header: string } | { readonly field: string; readonly digest: 'sha256' };
}

/** For senders that name no topic: the first word whose path stands in the item; `otherwise` when none does. */
export interface Shapes {
  readonly shapes: Readonly<Record<string, Path>>;
  readonly otherwise: string;
}

/** One source: data, and one pure function. */
export interface SourceDefinition {
  /** Lower case; stands in addresses, keys and configuration, so it never changes. */
  readonly name: string;
  readonly title: string;
  readonly kind: 'generic' | 'storefront' | 'marketplace' | 'payments' | 'pos' | 'subscriptions' | 'delivery' | 'erp';
  /** False, with what is unsure, where the vendor's own documentation could not be checked. */
  readonly verified: true | { readonly unsure: readonly string[] };
  readonly verify: Verify;
  /** Where the public keys are that `verify` needs, besides those in the account's secret. */
  readonly keys?: PublishedKeys;
  /** Its messages come through a queue; `verify` is then `not-http`, unless it comes over HTTP, too. */
  readonly queue?: IntakeQueue;
  /** What it says stands in the address and not in a body: an empty body is taken for the query, as a JSON object. */
  readonly inAddress?: true;
  /** From what is sent to what is said: envelopes, forms, batches. None: the body is one JSON item. */
  readonly unwrap?: readonly Unwrap[];
  /** What an item is about: one word, or the words at several places joined by `:` (those that are filled). */
  readonly topic: Place | { readonly always: string } | Shapes | readonly Place[];
  /** The vendor's id of a delivery: the first place that is filled. None: hash of the body. */
  readonly delivery: readonly Place[];
  /**
   * What makes an item of a batch itself, in whatever batch it comes again: the words at these places together. None: the
   * delivery and the place in it.
   */
  readonly item?: readonly Place[];
  /** Headers that the reader looks at besides, in lower case: they are kept with the raw bytes, to be read again. */
  readonly reads?: readonly string[];
  /** Topic → route, by role of the account. `*` at the end stands for any rest. What is not named is ignored. */
  readonly routes: Readonly<Partial<Record<Account['role'], Readonly<Record<string, Route>>>>>;
  /** Answer to an accepted delivery, where the vendor expects a certain one: `[accepted]`, nothing at all; `type` is the Content-Type. */
  readonly answer?: { readonly status: number; readonly body: string; readonly type?: string };
  /** How the vendor has an address prove that it is ours, where it does. */
  readonly challenge?: Challenge;
  /** Largest body in bytes, content encoding undone; 1 MB unless the source sends more, never above 10 MB. */
  readonly mostBytes?: number;
  /** Deliveries a second that an account may send in the long run, where the stage's own limit does not fit; 0: no limit. */
  readonly mostPerSecond?: number;
  /** Parsed JSON payload → items. Pure. @throws Unreadable when nothing in it can be read */
  readonly toEvents: (payload: unknown, context: ReadingContext) => Items;
  /** The vendor's API, where we ask for what its notices only name, or poll it. */
  readonly api?: SourceApi;
}

/** Largest body that a source may send, bytes. */
export const mostBytesOf = (source: SourceDefinition): number => source.mostBytes ?? 1_000_000;

/** The route of a topic: exact name first, then the longest `prefix*`. */
export function routeOf(source: SourceDefinition, role: Account['role'], topic: string): Route {
  const routes = source.routes[role] ?? {};
  const exact = Object.hasOwn(routes, topic) ? routes[topic] : undefined;
  if (exact !== undefined) return exact;
  const prefix = Object.keys(routes)
    .filter((name) => name.endsWith('*') && topic.startsWith(name.slice(0, -1)))
    .sort((a, b) => b.length - a.length)[0];
  return (prefix === undefined ? undefined : routes[prefix]) ?? 'ignore';
}
