/** What one delivery says, as far as the yardstick must know it to check where it ended. Money in minor units. */
export type Said =
  | { readonly type: 'order.created'; readonly key: string; readonly currency: string; readonly total: number; readonly lines: number }
  | { readonly type: 'order.updated'; readonly key: string }
  | { readonly type: 'payment.changed'; readonly key: string }
  | { readonly type: 'return.requested'; readonly key: string; readonly currency: string; readonly amount: number | undefined }
  | { readonly type: 'feedback.received' | 'catalog.updated' | 'inventory.counted' | 'adjustment.recorded'; readonly key: string }
  | { readonly type: 'source.notified' | 'intake.rejected'; readonly key: string };

/** Why it is sent and what the intake should make of it. `untold`: nothing is sent, only the vendor's store knows it until it is polled. */
export type Kind = 'event' | 'repeat' | 'bad-signature' | 'unreadable' | 'ping' | 'untold';

/** What is there to be fetched or polled; it stands in for the vendor's own store. */
export interface Fetchable {
  /** The vendor's id of the thing. */
  readonly id: string;
  /** From 1; a later one replaces it. */
  readonly version: number;
  /** As the vendor's API returns it, byte for byte. */
  readonly body: string;
  /** One for each event in it. */
  readonly says: readonly Said[];
}

/** One webhook request, before it is signed. */
export interface Delivery {
  /** Position in the stream, from 0; the same for the same world. */
  readonly n: number;
  readonly kind: Kind;
  readonly source: string;
  readonly account: string;
  /** By what it is known, the same for a repeat and its original. */
  readonly id: string;
  /** POST, unless said otherwise. */
  readonly method?: string;
  /** What follows `?` in the address. */
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** One for each event in it, in payload order. */
  readonly says: readonly Said[];
  /** Ids of these events. */
  readonly ids: readonly string[];
  /** A thin notice, or what nobody tells of: what is put into the vendor's store before anything is sent. */
  readonly fetches?: Fetchable;
}
