import type { ServerLimits } from './limits.ts';

/** One request's place among those under way. */
export interface Place {
  /** Counts bytes that it holds. @returns false when there is no room for them */
  readonly grow: (bytes: number) => boolean;
  leave(): void;
}

export interface Load {
  /** @returns undefined when as many requests are under way as may be */
  enter(): Place | undefined;
  readonly requests: number;
  readonly bytes: number;
}

/** From here on a body is large. */
const largeBytes = 256_000;

/**
 * Requests and bytes under way, bounded, so that a slow Kinesis means 503 and not a process without memory. Bytes count
 * when they arrive, not when they are announced, and large bodies may fill only half of the room: a few senders who
 * dribble megabytes in do not shut the others out.
 */
export function boundedLoad(limits: Pick<ServerLimits, 'requests' | 'bytes'>): Load {
  let requests = 0;
  let bytes = 0;
  return {
    enter() {
      if (requests >= limits.requests) return undefined;
      requests += 1;
      let held = 0;
      return {
        grow(more) {
          held += more;
          bytes += more;
          return bytes <= (held > largeBytes ? limits.bytes / 2 : limits.bytes);
        },
        leave() {
          requests -= 1;
          bytes -= held;
        },
      };
    },
    get requests() {
      return requests;
    },
    get bytes() {
      return bytes;
    },
  };
}
