import type { ReadKey } from '../intake/published-keys.ts';
import { addressBelow } from './address.ts';
import { baseOf } from './base.ts';
import type { VendorHosts } from './hosts.ts';
import { VendorUnreachable, type VendorPort } from './port.ts';

const timeoutMs = 3_000;
const mostBytes = 100_000;

/**
 * Public keys from their vendor's pinned host, or the account's own: the path alone comes from a request, checked by the
 * source. Redirects are not followed. `vendor`: for those that want to know who asks.
 */
export function readKeyOver(fetch: typeof globalThis.fetch, hosts: VendorHosts, vendor: VendorPort): ReadKey {
  return async (source, account, keys, path) => {
    if (keys.authorised) {
      const answer = await vendor.get(source, account.account, path);
      if (answer.status === 'wait') throw new VendorUnreachable(source, 'key-wait');
      return answer.status === 'ok' ? answer.body : undefined;
    }
    const base = baseOf(keys.host, account, Object.hasOwn(hosts, source) ? hosts[source] : undefined);
    const url = base === undefined ? undefined : addressBelow(base, path);
    if (!url) return undefined;
    let answer: Response;
    let body: Uint8Array;
    try {
      answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
      body = new Uint8Array(await answer.arrayBuffer());
    } catch (error) {
      throw new VendorUnreachable(source, `key-${error instanceof Error ? error.name : 'unknown'}`);
    }
    if (answer.status >= 500 || answer.status === 429) throw new VendorUnreachable(source, `key-http-${answer.status}`);
    return answer.ok && body.byteLength <= mostBytes ? body : undefined;
  };
}
