import { sizeOf, type StreamRecord } from './record.ts';

/** A record that waits to be durable. */
export interface Waiting<R> {
  readonly record: R;
  readonly bytes: number;
  /** After this moment nobody waits for the stream any longer, milliseconds of the process's own clock. */
  readonly deadline: number;
  readonly lane: Lane<R>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  attempts: number;
  underWay: boolean;
  settled: boolean;
}

/** Records of one key, oldest first. Only the first may be sent; the others follow when it is settled. */
export interface Lane<R> {
  readonly key: string;
  readonly waiting: Waiting<R>[];
  /** Records of this key on their way elsewhere: while there are any, the key's newer ones go there too. */
  detours: number;
}

export interface Quota {
  /** Records of one call. */
  readonly records: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Whether one call may hold a key more than once: only where a call is taken whole or not at all. */
  readonly repeatKeys: boolean;
}

/** What waits, by key: the next call is cut from it without looking at what cannot go yet. */
export class Lanes<R extends StreamRecord> {
  readonly #lanes = new Map<string, Lane<R>>();
  /** First of their lanes, not under way, in the order in which they may be sent. */
  #ready: Waiting<R>[] = [];

  lane(key: string): Lane<R> {
    let lane = this.#lanes.get(key);
    if (!lane) this.#lanes.set(key, (lane = { key, waiting: [], detours: 0 }));
    return lane;
  }

  forgetIfEmpty(lane: Lane<R>): void {
    if (lane.waiting.length === 0 && lane.detours === 0) this.#lanes.delete(lane.key);
  }

  get ready(): number {
    return this.#ready.length;
  }

  add(lane: Lane<R>, one: Omit<Waiting<R>, 'lane' | 'bytes' | 'attempts' | 'underWay' | 'settled'>): Waiting<R> {
    const waiting = { ...one, lane, bytes: sizeOf(one.record), attempts: 0, underWay: false, settled: false };
    if (lane.waiting.push(waiting) === 1) this.#ready.push(waiting);
    return waiting;
  }

  /** What one call holds: elders first, each key once unless the quota lets it repeat. */
  take({ records, bytes, repeatKeys }: Quota): Waiting<R>[] {
    const call: Waiting<R>[] = [];
    let left = bytes;
    const fits = (one: Waiting<R>): boolean => call.length < records && (one.bytes <= left || call.length === 0);
    let at = 0;
    for (; at < this.#ready.length; at++) {
      const first = this.#ready[at];
      if (!first || first.settled) continue;
      if (!fits(first)) break;
      for (const one of repeatKeys ? first.lane.waiting : [first]) {
        if (!fits(one)) break;
        one.underWay = true;
        left -= one.bytes;
        call.push(one);
      }
    }
    this.#ready.splice(0, at);
    return call;
  }

  /** The stream has it: the next of its key may go. */
  taken(one: Waiting<R>): void {
    const { waiting } = one.lane;
    waiting.shift();
    const [next] = waiting;
    if (next && !next.underWay) this.#ready.push(next);
    this.forgetIfEmpty(one.lane);
  }

  /** Not taken: these are sent before what came later. */
  again(failed: readonly Waiting<R>[]): void {
    const firsts = failed.filter((one) => !one.settled && one.lane.waiting[0] === one);
    this.#ready = [...firsts, ...this.#ready];
  }
}
