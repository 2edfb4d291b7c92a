import type { Account } from '@orderflow/shared/accounts';
import { mostBytesOf, type SourceDefinition } from '../sources/definition.ts';
import { tokenBucket, type TokenBucket } from './token-bucket.ts';

/** What the server knows of an address before it reads a body that is sent there. */
export interface Door {
  readonly source: SourceDefinition;
  readonly account: string;
  readonly mostBytes: number;
  /** Deliveries that this account may send; undefined: as many as it likes. */
  readonly allowance: TokenBucket | undefined;
}

export type FindDoor = (source: string, account: string) => Door | 'unknown-source' | 'unknown-account';

/**
 * One door an account of a source that sends over HTTP. Each has a bucket of its own, so that one who floods is limited
 * alone.
 * @param perSecond the stage's limit for each account; 0: none. Twice as many may come at once.
 */
export function doorsOf(
  sources: readonly SourceDefinition[], accounts: readonly Account[], perSecond: number, startedAt: number,
): FindDoor {
  const doors = new Map<string, Map<string, Door>>();
  for (const source of sources) {
    if (source.verify === 'not-http') continue;
    const rate = source.mostPerSecond ?? perSecond;
    const own = accounts.filter((account) => account.source === source.name);
    doors.set(source.name, new Map(own.map(({ account }) => [account, {
      source,
      account,
      mostBytes: mostBytesOf(source),
      allowance: rate > 0 ? tokenBucket({ perSecond: rate, burst: 2 * rate }, startedAt) : undefined,
    }])));
  }
  return (source, account) => {
    const own = doors.get(source);
    return own === undefined ? 'unknown-source' : own.get(account) ?? 'unknown-account';
  };
}
