import type { DataOf } from '@orderflow/shared/events';
import type { Items, ReadingContext } from './definition.ts';

/** A thin notice: what it is about, and ids only. */
export type Notice = DataOf<'source.notified'>['notice'];

/** What a reader of asked things knows besides the payload. `topic`: what was notified, or what was polled for. */
export type AskedContext = Omit<ReadingContext, 'route'>;

/** Things that are fetched because a notice named them. */
export interface FetchedByNotice {
  /** Path and query below the host, built from the notice's ids alone, each percent-encoded. Begins with `/`. */
  readonly path: (notice: Notice) => string;
  /** The one item in what the vendor answers; default: the whole answer. */
  readonly item?: (payload: unknown) => unknown;
  /** How many notices of this source are fetched at once, 2 to 1000: the maximum concurrency of its queue. */
  readonly mostAtOnce: number;
}

/** Things that are asked for again and again, by windows of time. */
export interface Polled {
  /** What is polled for: names the cursor, and stands as the topic of what it finds. */
  readonly topic: string;
  readonly everyMinutes: number;
  /** How far a window reaches back into the one before it. */
  readonly overlapMinutes: number;
  /** The longest window that the vendor is asked for in one go. */
  readonly mostWindowMinutes: number;
  /** Path and query below the host. `from`, `to`: UTC ISO 8601. `page`: what `read` named last. */
  readonly path: (window: { readonly from: string; readonly to: string }, page?: string) => string;
  /** The items of one page, each as the vendor returns it, and the next page if there is one. @throws Unreadable */
  readonly read: (payload: unknown) => { readonly items: readonly unknown[]; readonly next?: string };
}

/** A vendor's API, as far as we ask it. */
export interface SourceApi {
  /** Scheme and host, pinned; only the local run points it at a stand-in (VENDOR_HOSTS). No body ever names another. */
  readonly host: string;
  /** The headers that prove who asks, out of the account's credential. */
  readonly authorise: (credential: string) => Readonly<Record<string, string>>;
  /** Path and query with what proves who asks, for vendors that want it there; `now` is in milliseconds since 1970. Pure. */
  readonly address?: (path: string, credential: string, now: number) => string;
  /** Further headers that the vendor wants. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * One whole item as the API returns it → items. Pure, and a function of the item alone: an event's id is the hash of
   * the item's bytes, so the same bytes must say the same, whichever notice or poll found them. @throws Unreadable
   */
  readonly toEvents: (payload: unknown, context: AskedContext) => Items;
  readonly notice?: FetchedByNotice;
  readonly poll?: Polled;
}
