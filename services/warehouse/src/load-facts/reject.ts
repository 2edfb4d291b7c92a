import type { Quarantine } from '@orderflow/shared/stream';
import { removeLanded } from '../landed/land.ts';
import type { LandedPointer } from '../landed/landed.ts';
import type { Warehouse } from '@orderflow/shared/aws';
import { batchIdOf } from '../load/load-batch.ts';
import { landedRows } from '../load/split.ts';
import { rejectedRow } from '../load/statements.ts';
import { restoredFact } from '../rows/restored-rows.ts';
import type { Finishing } from './finish.ts';

export interface Rejecting extends Finishing {
  readonly quarantine: Quarantine;
  readonly quarantineBucket: string;
  readonly warehouse: Warehouse;
}

const loadErrors = `SELECT file_name, line_number, column_name, error_message FROM sys_load_error_detail ORDER BY start_time DESC LIMIT 20`;

/** The database's own words about the row: what COPY noted about this batch's files, else the statement's error. */
async function reasonOf(pointer: LandedPointer, said: string, warehouse: Warehouse): Promise<string> {
  const files = Object.values(pointer.tables).map(({ key }) => key);
  const noted = await warehouse.query(loadErrors).catch(() => []);
  const found = noted.find(([file]) => files.some((key) => String(file).trim().endsWith(key)));
  return found ? `${String(found[2]).trim()}: ${String(found[3]).trim()}` : said;
}

/**
 * A fact that the database refuses goes to quarantine with the reason, as a fact that brings its rows back: `npm run
 * replay` puts it on the stream once the cause is mended. `rejected_row` tells of it, and its in-flight item is released,
 * because quarantine is its home now; what landed of it goes, so that a rebuild does not stumble over it again.
 */
export async function reject(pointer: LandedPointer, said: string, deps: Rejecting): Promise<void> {
  const { quarantine, warehouse, store, staging, log } = deps;
  const fact = pointer.facts[0];
  if (!fact) throw new Error(`the batch ${pointer.name} has no facts and is refused: ${said}`);
  const reason = (await reasonOf(pointer, said, warehouse)).slice(0, 1_000);
  const restored = restoredFact(fact, await landedRows(pointer, staging));
  await quarantine.put({ code: 'NOT_LOADABLE', message: reason, path: undefined, body: Buffer.from(JSON.stringify(restored)), origin: `load of ${restored.payload.of}` });
  await warehouse.query(rejectedRow, {
    batch: batchIdOf([pointer.name]), fact_key: fact.key, fact: fact.fact, table_names: Object.keys(pointer.tables).join(' ') || '-',
    reason, quarantine_ref: `s3://${deps.quarantineBucket}/ (${pointer.name})`,
  });
  if (fact.inFlight) {
    const item = await store.get(fact.inFlight);
    if (item && item.version === fact.inFlight.version) await store.release(item);
  }
  await removeLanded(staging, pointer);
  log.error('FACT_REJECTED', { batch: pointer.name, fact: fact.fact });
}
