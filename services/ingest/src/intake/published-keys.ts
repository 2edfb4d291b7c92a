import { X509Certificate } from 'node:crypto';
import type { Account } from '@orderflow/shared/accounts';
import type { Clock } from '@orderflow/shared/lambda';
import { wordIn } from '../sources/place.ts';
import type { PublishedKeys, SourceDefinition } from '../sources/definition.ts';
import type { Delivery } from './delivery.ts';
import type { PublishedPort } from './ports.ts';

/** Asks the vendor's key host; undefined: there is no such key. @throws when it does not answer */
export type ReadKey = (source: string, account: Account, keys: PublishedKeys, path: string) => Promise<Uint8Array | undefined>;

/** Milliseconds; `unknownPerMinute`: keys that were never seen and are asked for, of one source, whoever names them. */
export const keyKeeping = { freshMs: 3_600_000, lastResortMs: 24 * 3_600_000, absentMs: 60_000, anewMs: 60_000, unknownPerMinute: 20, most: 200 };

/** One key in PEM, lines as they have to be: some vendors write it in one. */
function pemOf(text: string, now: number): string | undefined {
  const [, label, content] = /-----BEGIN ([A-Z ]+)-----([\sA-Za-z0-9+/=]+)-----END \1-----/.exec(text) ?? [];
  if (label === undefined || content === undefined) return undefined;
  const pem = `-----BEGIN ${label}-----\n${content.replace(/\s/g, '').replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`;
  if (label !== 'CERTIFICATE') return pem;
  try {
    const { validFromDate, validToDate } = new X509Certificate(pem);
    return validFromDate.getTime() <= now && now <= validToDate.getTime() ? pem : undefined;
  } catch {
    return undefined;
  }
}

/** The key in what a vendor answered; undefined: it holds none that can be used. */
export function keyIn(body: Uint8Array, as: PublishedKeys['as'], now: number): string | undefined {
  const text = Buffer.from(body).toString('utf8');
  try {
    if (as === 'pem') return pemOf(text, now);
    const value: unknown = JSON.parse(text);
    if (as === 'jwks') return Array.isArray((value as { readonly keys?: unknown } | null)?.keys) ? text : undefined;
    return pemOf(wordIn(value, as.field) ?? '', now);
  } catch {
    return undefined;
  }
}

interface Entry {
  /** Undefined: there is none. */
  readonly key: string | undefined;
  readonly readAt: number;
}

/**
 * Public keys of vendors, kept in memory. A key that is not known is asked for once and, where there is none, not again for a
 * minute; senders who name ever new ones cause a bounded number of calls. A key host that does not answer leaves known keys
 * good for a day.
 */
export function publishedKeys(read: ReadKey, clock: Clock, keeping = keyKeeping): PublishedPort {
  const entries = new Map<string, Entry>();
  const under = new Map<string, Promise<Entry>>();
  const asked = new Map<string, number[]>();

  /** Whether a source's key may be asked for: forgers must not make us a nuisance to the vendor. */
  const may = (source: string): boolean => {
    const recent = (asked.get(source) ?? []).filter((at) => clock() - at < 60_000);
    asked.set(source, recent);
    if (recent.length >= keeping.unknownPerMinute) return false;
    recent.push(clock());
    return true;
  };

  const ask = async (name: string, source: string, account: Account, keys: PublishedKeys, path: string): Promise<Entry> => {
    const body = await read(source, account, keys, path);
    const entry = { key: body && keyIn(body, keys.as, clock()), readAt: clock() };
    if (entries.size >= keeping.most) entries.clear();
    entries.set(name, entry);
    return entry;
  };

  const one = async ({ name: source }: SourceDefinition, account: Account, keys: PublishedKeys, path: string, olderThanMs?: number): Promise<string | undefined> => {
    const name = `${source}:${account.account} ${path}`;
    const known = entries.get(name);
    const age = known ? clock() - known.readAt : Number.POSITIVE_INFINITY;
    if (known && age < (olderThanMs ?? (known.key === undefined ? keeping.absentMs : keeping.freshMs))) return known.key;
    let reading = under.get(name);
    if (!reading) {
      if (!may(source)) {
        if (known) return known.key;
        throw new Error(`too many keys of ${source} are asked for`);
      }
      reading = ask(name, source, account, keys, path).finally(() => under.delete(name));
      under.set(name, reading);
    }
    try {
      return (await reading).key;
    } catch (error) {
      if (known?.key !== undefined && age < keeping.lastResortMs) return known.key;
      throw error;
    }
  };

  const all = async (source: SourceDefinition, account: Account, request: Delivery, olderThanMs?: number): Promise<readonly string[]> => {
    const { keys } = source;
    if (!keys) return [];
    const found = await Promise.all(keys.paths(request).slice(0, 4).map((path) => one(source, account, keys, path, olderThanMs)));
    return found.filter((key) => key !== undefined);
  };

  return { of: (source, account, request) => all(source, account, request), anew: (source, account, request) => all(source, account, request, keeping.anewMs) };
}
