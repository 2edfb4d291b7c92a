import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '@orderflow/shared/accounts';
import type { Clock } from '@orderflow/shared/lambda';
import type { CredentialsPort } from '../intake/ports.ts';
import type { SourceApi, TokenFlow } from '../sources/api.ts';
import { plainAccess, type AccessPort, type Shown } from './access.ts';
import { baseOf } from './base.ts';
import type { VendorHosts } from './hosts.ts';
import { VendorUnreachable } from './port.ts';
import { askToken, readClient, tokenAddress, type Token } from './token-call.ts';

/** A token as all processes of a stage share it. */
export interface KeptToken extends Token {
  /** Hash of the credential that it was got with: an owner who authorises anew makes what was kept void. */
  readonly of: string;
  readonly clientId: string;
}

/** Where a stage keeps tokens, and who of its processes may get a new one. */
export interface TokenStore {
  read(account: Account): Promise<KeptToken | undefined>;
  write(account: Account, token: KeptToken): Promise<void>;
  /** True for one caller at a time, for `leaseMs` at the longest. */
  lock(account: Account, owner: string, leaseMs: number): Promise<boolean>;
  unlock(account: Account, owner: string): Promise<void>;
}

export interface Tokens {
  readonly fetch: typeof fetch;
  readonly credentials: CredentialsPort;
  readonly store: TokenStore;
  readonly hosts: VendorHosts;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly pauseMs?: number;
}

/** A token that ends sooner than this is not used any more. */
const spareMs = 10_000;
const timeoutMs = 10_000;
const leaseMs = 30_000;
/** After a token that was got and refused at once, the vendor is left alone. */
const againMs = 30_000;

const shown = ({ access, clientId }: KeptToken): Shown => ({ text: access, clientId });
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const good = (token: KeptToken | undefined, now: number): token is KeptToken => token !== undefined && token.expiresAt - now > spareMs;

/**
 * Access tokens of OAuth 2 (https://www.rfc-editor.org/rfc/rfc6749). One call at a time gets one, in this process and among
 * all of a stage: a refresh token that rotates is good for one call alone, and vendors count calls of their endpoints.
 */
export function accessTokens(parts: Tokens): AccessPort {
  const { credentials, store, hosts, clock, newId, pauseMs = 200 } = parts;
  const plain = plainAccess(credentials);
  const known = new Map<string, KeptToken>();
  const under = new Map<string, Promise<Shown>>();
  const gotAt = new Map<string, number>();
  const nameOf = ({ source, account }: Account): string => `${source}:${account}`;

  /** Waits for whoever else of the stage gets a token; then the right to get one is ours, or theirs is here. */
  const locked = async (account: Account, owner: string, usable: (token: KeptToken | undefined) => token is KeptToken): Promise<KeptToken | undefined> => {
    for (let waited = 0; waited <= leaseMs; waited += pauseMs) {
      if (await store.lock(account, owner, leaseMs)) return undefined;
      await sleep(pauseMs);
      const theirs = await store.read(account);
      if (usable(theirs)) return theirs;
    }
    throw new VendorUnreachable(account.source, 'token-busy');
  };

  const renew = async (account: Account, api: SourceApi, flow: TokenFlow, refused: string | undefined): Promise<Shown> => {
    const text = await credentials.of(account);
    const client = readClient(text, account, flow);
    const of = hashOf(text);
    const usable = (token: KeptToken | undefined): token is KeptToken => good(token, clock()) && token.of === of && token.access !== refused;
    const keep = (token: KeptToken): Shown => {
      known.set(nameOf(account), token);
      return shown(token);
    };
    const before = await store.read(account);
    if (usable(before)) return keep(before);
    const owner = newId();
    const theirs = await locked(account, owner, usable);
    if (theirs) return keep(theirs);
    try {
      const current = await store.read(account);
      const rotated = current?.of === of ? current.refresh : undefined;
      if (usable(current)) return keep(current);
      const instead = Object.hasOwn(hosts, account.source) ? hosts[account.source] : undefined;
      const base = baseOf(api.host, account, instead);
      const url = base === undefined ? undefined : tokenAddress(flow, base, instead);
      if (!url) throw new VendorUnreachable(account.source, 'token-address');
      const token = await askToken(account, { flow, url, client: { ...client, refreshToken: rotated ?? client.refreshToken } }, { fetch: parts.fetch, now: clock(), timeoutMs });
      gotAt.set(nameOf(account), clock());
      const kept = { ...token, of, clientId: client.clientId };
      await store.write(account, kept);
      return keep(kept);
    } finally {
      await store.unlock(account, owner).catch(() => undefined); // its lease ends by itself
    }
  };

  const once = (account: Account, api: SourceApi, flow: TokenFlow, refused?: string): Promise<Shown> => {
    const name = nameOf(account);
    const now = under.get(name) ?? renew(account, api, flow, refused).finally(() => under.delete(name));
    under.set(name, now);
    return now;
  };

  return {
    async of(account, api) {
      if (!api.token) return plain.of(account, api);
      const token = known.get(nameOf(account));
      return good(token, clock()) ? shown(token) : once(account, api, api.token);
    },
    async anew(account, api, refused) {
      if (!api.token) return plain.anew(account, api, refused);
      const token = known.get(nameOf(account));
      if (good(token, clock()) && token.access !== refused) return shown(token);
      if (clock() - (gotAt.get(nameOf(account)) ?? 0) < againMs) return undefined;
      known.delete(nameOf(account));
      return once(account, api, api.token, refused);
    },
  };
}
