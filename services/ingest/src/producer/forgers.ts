import type { IncomingHttpHeaders } from 'node:http';
import type { Door } from './doors.ts';
import { tokenBucket, type Allowance, type TokenBucket } from './token-bucket.ts';

export interface Forgers {
  /** Whole seconds until this address may try again at this door; 0: now. */
  wait(door: Door, address: string, now: number): number;
  /** A delivery from there was not genuine. */
  failed(door: Door, address: string, now: number): void;
}

/** What forgeries may cost: at 1 MB each this is a tenth of a processor. */
const usual: Allowance = { perSecond: 50, burst: 200 };
const mostAddresses = 10_000;

/**
 * Limits deliveries without a valid signature, for each door and remote address. They never count against the account:
 * else whoever knows a source's address could shut out its genuine sender. A forger is turned away unread by its own
 * address; who forges from many addresses is bounded by the load alone. A genuine sender is touched only where it shares
 * the very address with a forger.
 */
export function forgersAt(allowance = usual): Forgers {
  // oldest first; only those who failed are in it
  const addresses = new Map<string, TokenBucket>();
  const keyOf = ({ source, account }: Door, address: string): string => `${source.name}:${account} ${address}`;
  return {
    wait(door, address, now) {
      return addresses.size === 0 ? 0 : addresses.get(keyOf(door, address))?.wait(now) ?? 0;
    },
    failed(door, address, now) {
      const key = keyOf(door, address);
      const known = addresses.get(key);
      addresses.delete(key);
      if (addresses.size >= mostAddresses) addresses.delete(addresses.keys().next().value ?? '');
      const bucket = known ?? tokenBucket(allowance, now);
      bucket.take(now);
      addresses.set(key, bucket);
    },
  };
}

/** What of a request says who speaks. */
interface Spoken {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/**
 * The address of whoever speaks to us. Behind the load balancer that is the last one of X-Forwarded-For, which the
 * balancer appends itself; what stands before it is the sender's own word
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html).
 */
export function remoteAddress({ headers, socket }: Spoken, behindBalancer: boolean): string {
  const forwarded = behindBalancer ? headers['x-forwarded-for'] : undefined;
  const last = String(forwarded ?? '').split(',').at(-1)?.trim();
  return last === undefined || last === '' ? socket.remoteAddress ?? '' : last;
}
