/** One delivery of a source: an HTTP request, or an item that was polled, fetched or read from a file. */
export interface Delivery {
  readonly source: string;
  readonly account: string;
  readonly method: string;
  /** Public URL, as the sender knows it. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Exactly the bytes that the sender wrote (a content encoding is undone): signatures are over them. */
  readonly body: Uint8Array;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** What the vendor's API answered, when we asked it: because of a notice, or on schedule. Absent: it was pushed. */
  readonly via?: Via;
  /** What was asked for, where the bytes name no topic. */
  readonly topic?: string;
  /** Id of the notice for whose sake it was fetched. */
  readonly cause?: string;
}

export type Via = 'fetch' | 'poll';

/** How a delivery came, as it is kept beside its bytes so that they are read again in the same way. */
export const askedFor = (
  { via, topic, cause }: { readonly [name in 'via' | 'topic' | 'cause']?: Delivery[name] | undefined },
): Pick<Delivery, 'via' | 'topic' | 'cause'> => ({
  ...(via === undefined ? {} : { via }), ...(topic === undefined ? {} : { topic }), ...(cause === undefined ? {} : { cause }),
});
