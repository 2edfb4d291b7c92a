import { gzipSync } from 'node:zlib';
import type { Fact } from '@orderflow/shared/facts';
import type { Row } from '../tables/fold.ts';
import { homeOf, landedKey, pendingKey, rowsToLand, toLines, type LandedPointer } from './landed.ts';
import type { StagingBucket } from './staging.ts';

/** Writes rows by table and then the pointer that names them, under a UTC day. Writing the same again changes nothing. */
export async function writeLanded(
  staging: StagingBucket,
  name: string,
  rowsByTable: ReadonlyMap<string, readonly Row[]>,
  facts: LandedPointer['facts'],
  day: string,
): Promise<LandedPointer> {
  const tables: Record<string, { key: string; rows: number; bytes: number }> = {};
  let rows = 0;
  await Promise.all(
    [...rowsByTable].map(async ([table, some]) => {
      const body = gzipSync(toLines(some), { level: 4 });
      const key = landedKey(table, name, day);
      await staging.put(key, body);
      tables[table] = { key, rows: some.length, bytes: body.byteLength };
      rows += some.length;
    }),
  );
  const home = homeOf(name, day);
  const pointer: LandedPointer = { name, home, events: facts.reduce((sum, { events }) => sum + events.length, 0), rows, tables, facts };
  const body = Buffer.from(JSON.stringify(pointer));
  await Promise.all([home, pendingKey(name)].map((key) => staging.put(key, body)));
  return pointer;
}

/** Lands facts under `name`. */
export const landFacts = (staging: StagingBucket, name: string, facts: readonly Fact[], now: number): Promise<LandedPointer> =>
  writeLanded(
    staging, name, rowsToLand(facts),
    facts.map(({ fact, key, events, inFlight }) => ({ fact, key, events: events.map(({ id }) => id), ...(inFlight && { inFlight }) })),
    new Date(now).toISOString().slice(0, 10),
  );

/**
 * Takes a batch away that did not come to be loaded as it is. Its home goes first: once that is gone, no rebuild takes the
 * batch, and the loader drops whatever still points to its files.
 */
export async function removeLanded(staging: StagingBucket, { name, home, tables }: LandedPointer): Promise<void> {
  await staging.remove([home]);
  await staging.remove([pendingKey(name)]);
  await staging.remove(Object.values(tables).map(({ key }) => key));
}
