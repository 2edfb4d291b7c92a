import { findAccount, type Account } from '@orderflow/shared/accounts';
import type { CanonicalEvent } from '@orderflow/shared/events';
import { readArchive } from '../archive/read-archive.ts';
import { interpret, type Rejected } from '../intake/interpret.ts';
import { findSource } from '../sources/registry.ts';
import type { Counts, Damage } from './counts.ts';

/** Which deliveries are read; times in milliseconds since 1970, `until` not included. */
export interface Wanted {
  readonly from: number;
  readonly until: number;
  readonly source?: string | undefined;
}

/** What a delivery says by today's mapping. */
export interface Said {
  readonly account: Account;
  readonly receivedAt: number;
  readonly events: readonly CanonicalEvent[];
  readonly rejected: readonly Rejected[];
}

/** An object of the archive, read anew; what is counted of its deliveries is added to `counts`. */
export function readObject(
  { bucket, key, object }: { readonly bucket: string; readonly key: string; readonly object: Uint8Array }, wanted: Wanted, accounts: readonly Account[], counts: Counts,
): { readonly said: Said[]; readonly damage: Damage | undefined } {
  const said: Said[] = [];
  for (const one of readArchive(object)) {
    if (one.kind === 'damaged') return { said, damage: { key, offset: one.offset, reason: one.reason } };
    const { delivery, offset, bytes } = one;
    const { receivedAt } = delivery;
    if (receivedAt < wanted.from || receivedAt >= wanted.until || (wanted.source !== undefined && delivery.source !== wanted.source)) continue;
    counts.deliveries++;
    if (one.erased) {
      counts.erased++;
      continue;
    }
    const source = findSource(delivery.source);
    const account = findAccount(accounts, delivery.source, delivery.account);
    if (!source || !account || (delivery.via !== undefined && !source.api)) {
      counts.unconfigured++;
      continue;
    }
    const rawref = `s3://${bucket}/${key}#${offset},${bytes}`;
    const { events, rejected } = interpret(delivery, { source, account, accounts });
    said.push({ account, receivedAt, rejected, events: events.map((event) => ({ ...event, rawref })) });
  }
  return { said, damage: undefined };
}
