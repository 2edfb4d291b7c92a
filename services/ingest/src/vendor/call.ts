import { setTimeout as sleep } from 'node:timers/promises';
import { findAccount, type Account } from '@orderflow/shared/accounts';
import type { Clock } from '@orderflow/shared/lambda';
import { NoSuchSecret } from '../intake/secret-text.ts';
import { readJson } from '../convert/index.ts';
import type { SourceApi } from '../sources/api.ts';
import { findSource } from '../sources/registry.ts';
import { CredentialRefused, type AccessPort, type Shown } from './access.ts';
import { addressBelow } from './address.ts';
import { baseOf } from './base.ts';
import type { VendorHosts } from './hosts.ts';
import { paces } from './pace.ts';
import { VendorUnreachable, type VendorAnswer, type VendorPort } from './port.ts';
import { verdictOn } from './verdict.ts';

export interface HttpVendor {
  readonly fetch: typeof fetch;
  readonly accounts: readonly Account[];
  readonly access: AccessPort;
  /** What this stage asks instead of pinned hosts. */
  readonly hosts: VendorHosts;
  readonly clock: Clock;
  /** The API of a source; only tests give another than the registry's. */
  readonly apiOf?: (source: string) => SourceApi | undefined;
  readonly pause?: (ms: number) => Promise<unknown>;
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
function refusedSecret(error: unknown): undefined {
  if (!(error instanceof NoSuchSecret) && !(error instanceof CredentialRefused)) throw error;
}

/** How long a call waits for its turn under the vendor's rate limit; what would wait longer comes again. */
const patienceMs = 2_000;
/** A vendor that refuses for its rate limit with a good status. */
const usualWaitSeconds = 60;

/** What a good answer says nevertheless. */
function refusalIn(api: SourceApi, body: Uint8Array): ReturnType<NonNullable<SourceApi['refusal']>> {
  if (!api.refusal) return undefined;
  try {
    return api.refusal(readJson(body));
  } catch {
    return undefined; // whoever reads it says what is wrong with it
  }
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
  const { accounts, access, hosts, clock, pause = sleep, apiOf = (name: string) => findSource(name)?.api, timeoutMs = 20_000, mostBytes = 10_000_000 } = parts;

  const paceOf = paces(clock);

  const answerTo = async (source: string, api: SourceApi, url: URL, shown: Shown): Promise<{ readonly answer: VendorAnswer | 'credential'; readonly headers: Headers }> => {
    const headers = { accept: 'application/json', 'user-agent': userAgent, ...api.headers, ...api.authorise(shown.text, shown.clientId) };
    try {
      const answer = await parts.fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
      const verdict = verdictOn(answer.status, answer.headers, clock());
      if (verdict === 'body') return { answer: await boundedBody(answer, mostBytes), headers: answer.headers };
      await answer.body?.cancel();
      if (verdict === 'trouble') throw new VendorUnreachable(source, `http-${answer.status}`);
      return { answer: verdict, headers: answer.headers };
    } catch (error) {
      throw error instanceof VendorUnreachable ? error : new VendorUnreachable(source, codeOf(error));
    }
  };

  const call = async (account: Account, api: SourceApi, path: string, shown: Shown): Promise<VendorAnswer | 'credential'> => {
    const { source } = account;
    const base = baseOf(api.host, account, Object.hasOwn(hosts, source) ? hosts[source] : undefined);
    if (base === undefined) return { status: 'refused', code: 'host' };
    // what is signed is judged, too: a credential may say anything
    const url = addressBelow(base, path) && addressBelow(base, api.address?.(path, shown.text, clock()) ?? path);
    if (!url) return { status: 'refused', code: 'address' };
    const turn = api.limit && paceOf(`${source}:${account.account}`, api.limit, api.notice?.mostAtOnce ?? 1);
    const waitMs = turn?.before(patienceMs) ?? 0;
    if (waitMs > patienceMs) return { status: 'wait', seconds: Math.ceil(waitMs / 1_000) };
    if (waitMs > 0) await pause(waitMs);
    const { answer, headers } = await answerTo(source, api, url, shown);
    turn?.after(headers);
    const refusal = answer !== 'credential' && answer.status === 'ok' ? refusalIn(api, answer.body) : undefined;
    if (refusal === 'wait') return { status: 'wait', seconds: usualWaitSeconds };
    return refusal === 'absent' ? { status: 'absent' } : refusal ?? answer;
  };

  return {
    async get(source, name, path) {
      const api = apiOf(source);
      const account = findAccount(accounts, source, name);
      if (!api || !account) throw new Error(`${source}:${name} has no API that could be asked`);
      const known = await access.of(account, api).catch(refusedSecret);
      const first = known === undefined ? 'credential' : await call(account, api, path, known);
      if (first !== 'credential') return first;
      const fresh = await access.anew(account, api, known?.text).catch(refusedSecret);
      const second = fresh === undefined || fresh.text === known?.text ? 'credential' : await call(account, api, path, fresh);
      return second === 'credential' ? { status: 'refused', code: 'credential' } : second;
    },
  };
}
