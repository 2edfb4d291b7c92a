import { AwsError } from '../service.ts';

// Of one shard in one second. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
const RECORDS_IN = 1000;
const BYTES_IN = 1024 * 1024;
const READS = 5;
const BYTES_OUT = 2 * 1024 * 1024;

interface Used {
  second: number;
  recordsIn: number;
  bytesIn: number;
  reads: number;
  bytesOut: number;
}

/** What a stream's shards may take and give in a second, for streams on which these limits are switched on. */
export class Throughput {
  readonly #now: () => number;
  readonly #used = new Map<number, Used>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether the shard takes one more record of so many bytes in this second; counts it if so. */
  takes(shard: number, bytes: number): boolean {
    const used = this.#of(shard);
    if (used.recordsIn + 1 > RECORDS_IN || used.bytesIn + bytes > BYTES_IN) return false;
    used.recordsIn += 1;
    used.bytesIn += bytes;
    return true;
  }

  /** Whether the shard answers one more read in this second. What was read counts by `gave`, and holds back later reads. */
  answers(shard: number): boolean {
    const used = this.#of(shard);
    if (used.reads + 1 > READS || used.bytesOut >= BYTES_OUT) return false;
    used.reads += 1;
    return true;
  }

  gave(shard: number, bytes: number): void {
    this.#of(shard).bytesOut += bytes;
  }

  /** A read of more than a second's bytes is paid for by the seconds after it. */
  #of(shard: number): Used {
    const second = Math.floor(this.#now() / 1000);
    const used = this.#used.get(shard);
    if (!used) {
      const fresh = { second, recordsIn: 0, bytesIn: 0, reads: 0, bytesOut: 0 };
      this.#used.set(shard, fresh);
      return fresh;
    }
    if (used.second !== second) Object.assign(used, { recordsIn: 0, bytesIn: 0, reads: 0, bytesOut: Math.max(0, used.bytesOut - BYTES_OUT * (second - used.second)), second });
    return used;
  }
}

export const rateExceeded = (stream: string, shardId: string): AwsError =>
  new AwsError('ProvisionedThroughputExceededException', `Rate exceeded for shard ${shardId} in stream ${stream} under account 000000000000.`);
