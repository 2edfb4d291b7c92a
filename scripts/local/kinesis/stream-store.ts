import { AwsError } from '../service.ts';
import { hashKey } from './hash-keys.ts';
import { RecordLog } from './log.ts';
import type { LogShard, LogStream } from './log-types.ts';
import { counterOf, sequenceNumber } from './sequence.ts';
import { isOpen, openEvenly, shardOf } from './shards.ts';
import type { ShardMaker } from './shards.ts';
import type { Shard, ShardRead, Streams } from './streams.ts';
import { Throughput } from './throughput.ts';

const TRIM_EVERY_MS = 60_000;

/** A record to be put. */
export interface NewRecord {
  readonly partitionKey: string;
  /** Decimal, instead of the partition key's hash. */
  readonly explicitHashKey?: string;
  readonly data: Uint8Array;
}

/** A record and the shard that its key leads to. */
export interface RoutedRecord extends NewRecord {
  readonly shardId: string;
  /** The shard's number. */
  readonly shard: number;
}

/** Told how old the last record of a read was (ms; 0 = nothing was left to read). */
export type OnRead = (stream: string, ageMs: number) => void;

/** The streams in memory over their log on disk. */
export class StreamStore implements Streams {
  readonly log: RecordLog;
  readonly maker: ShardMaker;
  readonly throughput: Throughput;
  readonly now: () => number;
  readonly #onRead: OnRead;
  readonly #streams: Map<string, LogStream>;
  readonly #listeners = new Map<string, Set<(shardId: string) => void>>();
  readonly #trimmer: NodeJS.Timeout;
  #lastNumber: number;

  constructor(file: string, now: () => number = Date.now, onRead: OnRead = () => undefined) {
    this.now = now;
    this.#onRead = onRead;
    this.throughput = new Throughput(now);
    this.log = new RecordLog(file);
    this.#streams = new Map(this.log.load().map((stream) => [stream.name, stream]));
    this.#lastNumber = this.log.lastShardNumber();
    this.maker = { tick: () => this.log.tick(now()), nextNumber: () => ++this.#lastNumber };
    this.#trimmer = setInterval(() => this.trim(), TRIM_EVERY_MS);
    this.#trimmer.unref();
  }

  streamNames(): string[] {
    return [...this.#streams.keys()].sort();
  }

  stream(name: string): LogStream {
    const stream = this.#streams.get(name);
    if (!stream) throw new AwsError('ResourceNotFoundException', `Stream ${name} under account 000000000000 not found.`);
    return stream;
  }

  ensure(name: string, options: { readonly shardCount: number; readonly retentionHours?: number; readonly onDemand?: boolean }): void {
    if (this.#streams.has(name)) return;
    const stream: LogStream = { name, createdAt: this.now(), retentionHours: options.retentionHours ?? 24, onDemand: options.onDemand ?? false, tags: {}, shards: [] };
    openEvenly(stream, options.shardCount, this.maker);
    this.#streams.set(name, stream);
    this.log.saveStream(stream);
  }

  remove(name: string): void {
    const stream = this.stream(name);
    this.log.removeStream(stream);
    this.#streams.delete(name);
    for (const shard of stream.shards) this.#wake(name, shard.shardId);
  }

  /** Saves changed shards or settings and wakes readers, who see that shards were closed. */
  changed(stream: LogStream): void {
    this.log.saveStream(stream);
    for (const shard of stream.shards) this.#wake(stream.name, shard.shardId);
  }

  route(name: string, records: readonly NewRecord[]): RoutedRecord[] {
    const open = this.stream(name).shards.filter(isOpen);
    return records.map((record) => {
      const key = record.explicitHashKey === undefined ? hashKey(record.partitionKey) : BigInt(record.explicitHashKey);
      const shard = open.find((one) => key >= one.start && key <= one.end);
      if (!shard) throw new AwsError('InvalidArgumentException', `No shard holds hash key ${key}`);
      return { shardId: shard.shardId, shard: shard.number, partitionKey: record.partitionKey, data: record.data };
    });
  }

  append(name: string, routed: readonly RoutedRecord[]): { shardId: string; sequenceNumber: string }[] {
    const placed = this.log.append(routed, this.now());
    for (const shardId of new Set(routed.map((record) => record.shardId))) this.#wake(name, shardId);
    return placed.map(({ record, counter }) => ({ shardId: record.shardId, sequenceNumber: sequenceNumber(counter) }));
  }

  shards(name: string): Shard[] {
    return this.stream(name).shards.map(describe);
  }

  read(name: string, shardId: string, after: string | undefined, limit: number, maxBytes: number): ShardRead {
    const stream = this.stream(name);
    const shard = shardOf(stream, shardId);
    const from = position(after);
    const rows = this.log.read(shard.number, from, limit, maxBytes);
    const next = this.log.arrivalBehind(shard.number, rows.at(-1)?.counter ?? from);
    const finished = !isOpen(shard) && next === undefined;
    const last = rows.at(-1);
    this.#onRead(name, last ? Math.max(0, this.now() - last.arrivedAt) : 0);
    return {
      records: rows.map((row) => ({
        sequenceNumber: sequenceNumber(row.counter), partitionKey: row.partitionKey, arrivedAt: row.arrivedAt,
        data: Buffer.from(row.data.buffer, row.data.byteOffset, row.data.byteLength),
      })),
      millisBehindLatest: next === undefined ? 0 : Math.max(1, this.now() - next),
      finished,
      children: finished ? stream.shards.filter((one) => one.parents.includes(shardId)).map((one) => one.shardId) : [],
    };
  }

  tip(name: string, shardId: string): string | undefined {
    const last = this.log.lastCounter(shardOf(this.stream(name), shardId).number);
    return last === undefined ? undefined : sequenceNumber(last);
  }

  placeAt(name: string, shardId: string, time: number): string | undefined {
    const { number } = shardOf(this.stream(name), shardId);
    const counter = this.log.counterBefore(number, time) ?? this.log.lastCounter(number);
    return counter === undefined ? undefined : sequenceNumber(counter);
  }

  retentionMs(name: string): number {
    return this.stream(name).retentionHours * 3_600_000;
  }

  limitShards(name: string | undefined, on: boolean): void {
    for (const stream of name === undefined ? this.#streams.values() : [this.stream(name)]) {
      stream.limited = on;
      this.log.saveStream(stream);
    }
  }

  onAppend(name: string, listener: (shardId: string) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Removes what retention no longer covers; closed shards go with their last record. */
  trim(): void {
    for (const stream of this.#streams.values()) {
      const horizon = this.now() - stream.retentionHours * 3_600_000;
      for (const shard of stream.shards) this.log.trim(shard.number, horizon);
      const gone = stream.shards.filter((shard) => shard.closed !== undefined && shard.closed < horizon * 1000);
      for (const shard of gone) this.log.removeShard(shard.number);
      if (gone.length > 0) stream.shards = stream.shards.filter((shard) => !gone.includes(shard));
    }
  }

  #wake(name: string, shardId: string): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(shardId);
  }

  close(): Promise<void> {
    clearInterval(this.#trimmer);
    this.log.close();
    return Promise.resolve();
  }
}

function position(after: string | undefined): number {
  if (after === undefined) return 0;
  const counter = counterOf(after);
  if (Number.isNaN(counter)) throw new AwsError('InvalidArgumentException', `${after} is not a sequence number of this stream`);
  return counter;
}

function describe(shard: LogShard): Shard {
  return {
    shardId: shard.shardId,
    ...(shard.parents[0] !== undefined && { parentShardId: shard.parents[0] }),
    ...(shard.parents[1] !== undefined && { adjacentParentShardId: shard.parents[1] }),
    startingHashKey: String(shard.start), endingHashKey: String(shard.end), startingSequenceNumber: sequenceNumber(shard.opened),
    ...(shard.closed !== undefined && { endingSequenceNumber: sequenceNumber(shard.closed) }),
  };
}
