import type { Clock } from '@orderflow/shared/lambda';
import { NoSuchSecret } from './secret-text.ts';

/** How long what was read is used; milliseconds throughout. */
export interface Keeping {
  /** Read anew in the background after this, a quarter less at random, so that not all are read at once. */
  readonly freshMs: number;
  /** Older than this nobody is given it before it was asked for again. */
  readonly staleMs: number;
  /** While the service does not answer, what is known is used up to this age. */
  readonly lastResortMs: number;
  /** After a read that failed, and after one that found nothing, the service is left alone for this long. */
  readonly retryMs: number;
  /** `anew` reads no more often than this, whoever sends what. */
  readonly anewMs: number;
}

export const usualKeeping: Keeping = {
  freshMs: 60_000, staleMs: 300_000, lastResortMs: 24 * 3_600_000, retryMs: 5_000, anewMs: 5_000,
};

/** Secrets by name, read seldom. */
export interface KeptSecrets<T> {
  /** @throws when nothing usable is known and it cannot be read now; the error of a failed read is kept for a while too */
  of(name: string): Promise<T>;
  /**
   * What stands under the name now, if this may be asked for again already; else undefined. For a signature that fails
   * under a kept secret: it may have been rotated since. Bounded by time alone, so that forgers cause no calls.
   */
  anew(name: string): Promise<T | undefined>;
}

interface Entry<T> {
  known?: { readonly value: T; readonly readAt: number };
  failed?: Error | undefined;
  /** When the service was last asked. */
  askedAt: number;
  /** When it may be asked again of itself. */
  askAt: number;
  reading?: Promise<void>;
}

/** Keeps secrets in memory: one read a name at a time, renewed in the background before they are too old. */
export function keepSecrets<T>(
  read: (name: string) => Promise<T>, clock: Clock, keeping: Keeping = usualKeeping, random: () => number = Math.random,
): KeptSecrets<T> {
  const { freshMs, staleMs, lastResortMs, retryMs, anewMs } = keeping;
  const entries = new Map<string, Entry<T>>();
  const entryOf = (name: string): Entry<T> => {
    let entry = entries.get(name);
    if (!entry) entries.set(name, (entry = { askedAt: Number.NEGATIVE_INFINITY, askAt: Number.NEGATIVE_INFINITY }));
    return entry;
  };

  const ask = async (name: string, entry: Entry<T>): Promise<void> => {
    entry.askedAt = clock();
    try {
      const value = await read(name);
      const readAt = clock();
      entry.known = { value, readAt };
      entry.failed = undefined;
      entry.askAt = readAt + freshMs * (1 - random() / 4);
    } catch (error) {
      entry.failed = error instanceof Error ? error : new Error(`secret ${name} cannot be read`);
      entry.askAt = clock() + retryMs * (1 - random() / 4);
      // taken away on purpose: what was known is no longer valid
      if (error instanceof NoSuchSecret) delete entry.known;
    } finally {
      delete entry.reading;
    }
  };
  const reading = (name: string, entry: Entry<T>): Promise<void> => (entry.reading ??= ask(name, entry));

  return {
    async of(name) {
      const entry = entryOf(name);
      const age = entry.known ? clock() - entry.known.readAt : Number.POSITIVE_INFINITY;
      if (clock() >= entry.askAt) {
        const under = reading(name, entry);
        if (age >= staleMs) await under;
      } else if (age >= staleMs && entry.reading) {
        await entry.reading;
      }
      const { known } = entry;
      if (known && clock() - known.readAt < lastResortMs) return known.value;
      throw entry.failed ?? new Error(`secret ${name} cannot be read now`);
    },
    async anew(name) {
      const entry = entryOf(name);
      if (!entry.reading && clock() - entry.askedAt < anewMs) return undefined;
      await reading(name, entry);
      return entry.known?.value;
    },
  };
}
