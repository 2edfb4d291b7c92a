/** A record as it lies in a shard. */
export interface StreamRecord {
  /** 56 decimal digits: comparing strings compares order. */
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Buffer;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
}

export interface Shard {
  readonly shardId: string;
  readonly parentShardId?: string;
  readonly adjacentParentShardId?: string;
  readonly startingHashKey: string;
  readonly endingHashKey: string;
  readonly startingSequenceNumber: string;
  /** Present once the shard is closed by a split or a merge. */
  readonly endingSequenceNumber?: string;
}

/** One read of a shard. */
export interface ShardRead {
  readonly records: readonly StreamRecord[];
  /** Age of the oldest record behind this read; 0 = at the tip. */
  readonly millisBehindLatest: number;
  /** The shard is closed and nothing is left behind this read: go on with `children`, whose parents must all be read. */
  readonly finished: boolean;
  readonly children: readonly string[];
}

/** The streams, for pollers in this process. Throws `ResourceNotFoundException` for an unknown stream or shard. */
export interface Streams {
  streamNames(): string[];
  /** Open and closed shards, oldest first. */
  shards(stream: string): Shard[];
  /** Records behind `after` (undefined = from the trim horizon), in order; at least one record whatever `maxBytes` says. */
  read(stream: string, shardId: string, after: string | undefined, limit: number, maxBytes: number): ShardRead;
  /** The last sequence number in the shard at this moment (for LATEST), undefined when it has none. */
  tip(stream: string, shardId: string): string | undefined;
  /** The last sequence number before `time` (epoch ms), so that reading behind it begins at `time`; undefined = from the trim horizon. */
  placeAt(stream: string, shardId: string, time: number): string | undefined;
  /** Called after records have been written (once a shard and request), when a shard was closed and when the stream was deleted. Returns its undoing. */
  onAppend(stream: string, listener: (shardId: string) => void): () => void;
  /** How long records are kept. */
  retentionMs(stream: string): number;
  /** Creates the stream unless it exists. Hours of retention, default 24. */
  ensure(stream: string, options: { readonly shardCount: number; readonly retentionHours?: number; readonly onDemand?: boolean }): void;
  remove(stream: string): void;
  /** Holds the stream's shards (all streams' without a name) to AWS's limits a second, or no longer. Kept over restarts. */
  limitShards(stream: string | undefined, on: boolean): void;
}
