/** One delivery of a source: an HTTP request, or an item that was polled, fetched or read from a file. */
export interface Delivery {
  readonly source: string;
  readonly account: string;
  readonly method: string;
  /** Public URL, as the sender knows it. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Exactly the bytes received: signatures are over them. */
  readonly body: Uint8Array;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}
