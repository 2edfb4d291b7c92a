import { gzipSync } from 'node:zlib';
import type { Fact } from '@orderflow/shared/facts';
import type { Row } from '../tables/fold.ts';
import { landedKey, pendingKey, rowsToLand, toLines, type LandedPointer } from './landed.ts';
import type { StagingBucket } from './staging.ts';

/** Writes rows by table and then the pointer that names them. Writing the same again changes nothing. */
export async function writeLanded(
  staging: StagingBucket,
  name: string,
  rowsByTable: ReadonlyMap<string, readonly Row[]>,
  facts: LandedPointer['facts'],
  now: number,
): Promise<LandedPointer> {
  const day = new Date(now).toISOString().slice(0, 10);
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
  const pointer: LandedPointer = { name, events: facts.reduce((sum, { events }) => sum + events.length, 0), rows, tables, facts };
  await staging.put(pendingKey(name), Buffer.from(JSON.stringify(pointer)));
  return pointer;
}

/** Lands facts under `name`. */
export const landFacts = (staging: StagingBucket, name: string, facts: readonly Fact[], now: number): Promise<LandedPointer> =>
  writeLanded(
    staging, name, rowsToLand(facts),
    facts.map(({ fact, key, events, inFlight }) => ({ fact, key, events: events.map(({ id }) => id), ...(inFlight && { inFlight }) })),
    now,
  );
