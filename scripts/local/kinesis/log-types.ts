/** A shard as it is kept; hash keys are 128-bit integers, `opened` and `closed` sequence counters. */
export interface LogShard {
  /** Unique over all streams: the key of its records. */
  readonly number: number;
  readonly shardId: string;
  readonly parents: readonly string[];
  readonly start: bigint;
  readonly end: bigint;
  readonly opened: number;
  closed?: number;
}

export interface LogStream {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  retentionHours: number;
  onDemand: boolean;
  tags: Record<string, string>;
  /** Its shards take and give no more than AWS's do. */
  limited?: boolean;
  /** Oldest first, closed ones included. */
  shards: LogShard[];
}

export interface LogRecord {
  readonly counter: number;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly arrivedAt: number;
}
