import type { AccountName } from '@orderflow/shared/accounts';
import { LeaseLost } from '../cursors/leases.ts';
import { firstCursor, type PollCursor, type PollCursors } from '../poll-source/cursor.ts';

interface Entry {
  readonly owner: string;
  readonly leaseUntil: number;
  readonly cursor: PollCursor;
}

/** Poll cursors in memory; the same conditions as the table's. */
export function memoryPollCursors(clock: () => number): PollCursors & { readonly entries: Map<string, Entry> } {
  const entries = new Map<string, Entry>();
  const keyOf = ({ source, account }: AccountName): string => `${source}:${account}`;
  return {
    entries,
    async claim(name, owner, leaseMs, anyTime) {
      const entry = entries.get(keyOf(name));
      const taken = entry && (entry.leaseUntil >= clock() || (!anyTime && entry.cursor.dueAt > clock()));
      if (taken) return undefined;
      const cursor = entry?.cursor ?? firstCursor(clock());
      entries.set(keyOf(name), { owner, leaseUntil: clock() + leaseMs, cursor });
      return structuredClone(cursor);
    },
    async save(name, owner, cursor, leaseMs) {
      if (entries.get(keyOf(name))?.owner !== owner) throw new LeaseLost();
      entries.set(keyOf(name), { owner, leaseUntil: leaseMs === 0 ? 0 : clock() + leaseMs, cursor: structuredClone(cursor) });
    },
    standings: async (names) => names.map((name) => {
      const entry = entries.get(keyOf(name));
      return entry && { highWater: entry.cursor.highWater, dueAt: entry.cursor.dueAt, leaseUntil: entry.leaseUntil };
    }),
  };
}
