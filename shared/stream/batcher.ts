import { usualLimits, type Batcher, type BatcherLimits, type BatcherTurns } from './batcher-limits.ts';
import { breaker } from './breaker.ts';
import { Lanes, type Lane, type Waiting } from './lanes.ts';
import { NotWritten, sizeOf, type StreamPort, type StreamRecord } from './record.ts';

/**
 * A record whose key is under way waits, so that no newer record of a key overtakes its elder; other keys go on
 * meanwhile. Where an elder goes elsewhere, those behind it follow until it is safe. Only what was not taken is sent
 * again, with backoff and full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function batcher<R extends StreamRecord>(
  stream: StreamPort<R>, given: Partial<BatcherLimits> = {}, turns: BatcherTurns<R> = {},
): Batcher<R> {
  const limits = { ...usualLimits, ...given };
  const { otherwise } = turns;
  const lanes = new Lanes<R>();
  /** Everything that still hopes for the stream, oldest first. */
  const hoping = new Set<Waiting<R>>();
  let hopingBytes = 0;
  let detours = 0;
  let calls = 0;
  let lastCallAt = Number.NEGATIVE_INFINITY;
  let next: { cancel: () => void } | undefined;
  let sweep: NodeJS.Timeout | undefined;
  let whenQuiet: (() => void)[] = [];

  const quiet = (): boolean => hoping.size === 0 && detours === 0;
  const tellQuiet = (): void => {
    if (!quiet()) return;
    for (const tell of whenQuiet) tell();
    whenQuiet = [];
  };

  const elsewhere = (lane: Lane<R>, record: R, code: string, resolve: () => void, reject: (error: unknown) => void): void => {
    if (!otherwise) {
      reject(new NotWritten([record], code));
      lanes.forgetIfEmpty(lane);
      return;
    }
    detours++;
    lane.detours++;
    const ended = (): void => {
      detours--;
      lane.detours--;
      lanes.forgetIfEmpty(lane);
      tellQuiet();
    };
    void otherwise(record, code).then(resolve, reject).finally(ended);
  };

  const settled = (one: Waiting<R>): void => {
    one.settled = true;
    hoping.delete(one);
    hopingBytes -= one.bytes;
    if (hoping.size === 0) {
      clearTimeout(sweep);
      sweep = undefined;
    }
  };

  /** Gives the first of a lane up, and those behind it: they must not overtake it. */
  const refuse = ({ lane }: Waiting<R>, code: string): void => {
    for (const one of lane.waiting.splice(0)) {
      settled(one);
      elsewhere(lane, one.record, code, one.resolve, one.reject);
    }
  };

  const refuseWaiting = (): void => {
    for (const one of hoping) if (!one.settled && !one.lane.waiting[0]?.underWay) refuse(one, 'Down');
  };

  const circuit = limits.breaker && breaker(limits.breaker, (down) => turns.changed?.(down));
  let probing = false;
  /** While the stream is down: one record tries it; who has nowhere else to go waits for what becomes of that one. */
  const mayTry = (now: number): boolean => {
    if (circuit?.down() !== true) return true;
    if (circuit.mayProbe(now)) return (probing = true);
    return probing && !otherwise;
  };

  const expire = (): void => {
    sweep = undefined;
    const now = performance.now();
    for (const one of hoping) {
      if (one.deadline > now) {
        sweep = setTimeout(expire, one.deadline - now + 1);
        break;
      }
      if (!one.settled) refuse(one, 'TooSlow');
    }
    tellQuiet();
  };

  const flush = (): void => {
    next?.cancel();
    next = undefined;
    while (calls < (circuit?.down() === true ? 1 : limits.inFlight) && lanes.ready > 0) {
      const call = lanes.take(limits);
      if (call.length === 0) return;
      calls++;
      lastCallAt = performance.now();
      void send(call);
    }
  };

  const soon = (): void => {
    if (next || lanes.ready === 0 || calls >= limits.inFlight) return;
    const wait = lastCallAt + limits.lingerMs - performance.now();
    if (wait > 0) {
      const timer = setTimeout(flush, wait);
      next = { cancel: () => clearTimeout(timer) };
    } else {
      const turn = setImmediate(flush);
      next = { cancel: () => clearImmediate(turn) };
    }
  };

  const tryAgain = (failed: readonly Waiting<R>[], code: string): void => {
    let attempt = 0;
    for (const one of failed) {
      one.attempts++;
      if (one.settled) continue; // went with its elder
      if (one.attempts >= limits.attempts || circuit?.down() === true) refuse(one, code);
      else attempt = Math.max(attempt, one.attempts);
    }
    if (attempt === 0) return;
    const most = Math.min(limits.mostPauseMs, limits.firstPauseMs * 2 ** (attempt - 1));
    setTimeout(() => {
      lanes.again(failed);
      soon();
    }, Math.random() * most);
  };

  const send = async (call: readonly Waiting<R>[]): Promise<void> => {
    const since = lastCallAt;
    let code = 'NoResult';
    const results = await stream.put(call.map(({ record }) => record)).catch((error: unknown) => {
      code = error instanceof Error ? error.name : 'Unknown';
      return undefined;
    });
    calls--;
    const failed = call.filter((one, at) => {
      one.underWay = false;
      const result = results?.[at];
      if (result && !result.ok) code = result.code;
      if (one.settled) return false;
      if (!result?.ok) return true;
      settled(one);
      lanes.taken(one);
      one.resolve();
      return false;
    });
    probing = false;
    if (results?.some(({ ok }) => ok)) circuit?.succeeded();
    else circuit?.failed(since, performance.now());
    tryAgain(failed, code);
    if (circuit?.down() === true) refuseWaiting();
    soon();
    tellQuiet();
  };

  return {
    write: (record) =>
      new Promise<void>((resolve, reject) => {
        const lane = lanes.lane(record.partitionKey);
        const now = performance.now();
        const alone = lane.waiting.length === 0;
        if (lane.detours > 0) return elsewhere(lane, record, 'ElderElsewhere', resolve, reject);
        if (alone && !mayTry(now)) return elsewhere(lane, record, 'Down', resolve, reject);
        if (hopingBytes + sizeOf(record) > limits.waitingBytes) {
          reject(new NotWritten([record], 'Full'));
          return lanes.forgetIfEmpty(lane);
        }
        const one = lanes.add(lane, { record, deadline: now + limits.withinMs, resolve, reject });
        hoping.add(one);
        hopingBytes += one.bytes;
        sweep ??= setTimeout(expire, limits.withinMs + 1);
        if (lanes.ready >= limits.records) flush();
        else soon();
      }),
    drain: () =>
      new Promise<void>((resolve) => {
        if (quiet()) return resolve();
        whenQuiet.push(resolve);
        flush();
      }),
  };
}
