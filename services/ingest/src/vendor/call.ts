import { findAccount, type Account } from '@orderflow/shared/accounts';
import type { Clock } from '@orderflow/shared/lambda';
import type { CredentialsPort } from '../intake/ports.ts';
import { NoSuchSecret } from '../intake/secret-text.ts';
import type { SourceApi } from '../sources/api.ts';
import { findSource } from '../sources/registry.ts';
import { addressBelow } from './address.ts';
import type { VendorHosts } from './hosts.ts';
import { VendorUnreachable, type VendorAnswer, type VendorPort } from './port.ts';
import { verdictOn } from './verdict.ts';

export interface HttpVendor {
  readonly fetch: typeof fetch;
  readonly accounts: readonly Account[];
  readonly credentials: CredentialsPort;
  /** What this stage asks instead of pinned hosts. */
  readonly hosts: VendorHosts;
  readonly clock: Clock;
  /** The API of a source; only tests give another than the registry's. */
  readonly apiOf?: (source: string) => SourceApi | undefined;
  /** Longest time for a whole answer, milliseconds. Connecting has ten seconds of it (undici's own limit). */
  readonly timeoutMs?: number;
  /** Largest answer in bytes, after inflation. */
  readonly mostBytes?: number;
}

/** Some vendors refuse, or slow down, callers that do not say who they are. */
const userAgent = 'Orderflow/1.0 (reads orders for their owner)';

/** Why a call failed, as a word for a log: `ECONNRESET`, `TimeoutError`. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('cause' in error && typeof error.cause === 'object' && error.cause !== null) return codeOf(error.cause);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown';
}

/** An account without a credential is refused as one with a wrong one: a person must act. */
function absentSecret(error: unknown): undefined {
  if (!(error instanceof NoSuchSecret)) throw error;
}

/** The body, as long as it is not larger than it may be. */
async function boundedBody(answer: Response, mostBytes: number): Promise<VendorAnswer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // leaving the loop cancels the rest
    if (bytes > mostBytes) return { status: 'refused', code: 'too-large' };
    chunks.push(chunk);
  }
  return { status: 'ok', body: Buffer.concat(chunks) };
}

/**
 * Vendors over HTTPS. The address is the source's pinned host and a path, nothing that a payload says; redirects are not
 * followed; time and size are bounded. A refused credential is read anew once: it may have been rotated.
 */
export function httpVendor(parts: HttpVendor): VendorPort {
  const { accounts, credentials, hosts, clock, apiOf = (name: string) => findSource(name)?.api, timeoutMs = 20_000, mostBytes = 10_000_000 } = parts;

  const call = async (source: string, api: SourceApi, path: string, credential: string): Promise<VendorAnswer | 'credential'> => {
    const base = Object.hasOwn(hosts, source) ? hosts[source] ?? api.host : api.host;
    // what is signed is judged, too: a credential may say anything
    const url = addressBelow(base, path) && addressBelow(base, api.address?.(path, credential, clock()) ?? path);
    if (!url) return { status: 'refused', code: 'address' };
    const headers = { accept: 'application/json', 'user-agent': userAgent, ...api.headers, ...api.authorise(credential) };
    try {
      const answer = await parts.fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
      const verdict = verdictOn(answer.status, answer.headers, clock());
      if (verdict === 'body') return await boundedBody(answer, mostBytes);
      await answer.body?.cancel();
      if (verdict === 'trouble') throw new VendorUnreachable(source, `http-${answer.status}`);
      return verdict;
    } catch (error) {
      throw error instanceof VendorUnreachable ? error : new VendorUnreachable(source, codeOf(error));
    }
  };

  return {
    async get(source, name, path) {
      const api = apiOf(source);
      const account = findAccount(accounts, source, name);
      if (!api || !account) throw new Error(`${source}:${name} has no API that could be asked`);
      const known = await credentials.of(account).catch(absentSecret);
      const first = known === undefined ? 'credential' : await call(source, api, path, known);
      if (first !== 'credential') return first;
      const fresh = await credentials.anew(account);
      const second = fresh === undefined || fresh === known ? 'credential' : await call(source, api, path, fresh);
      return second === 'credential' ? { status: 'refused', code: 'credential' } : second;
    },
  };
}
