import { createHash } from 'node:crypto';
import type { LandedPointer } from '../landed/landed.ts';
import type { StagingBucket } from '../landed/staging.ts';
import type { Warehouse } from '@orderflow/shared/aws';
import { chunkStatements, chunksOf, committedChunks } from './statements.ts';

export interface Loading {
  readonly staging: StagingBucket;
  readonly warehouse: Warehouse;
  /** ARN of the role by which Redshift reads the staging bucket; `default`: the namespace's own. */
  readonly copyRole: string;
}

/** The same landed batches have the same id, whoever loads them and however often. */
export const batchIdOf = (names: readonly string[]): string =>
  createHash('sha256').update([...names].sort().join('\n')).digest('hex').slice(0, 32);

/** `refused`: the database does not take some row; another try changes nothing. */
export type LoadResult = { readonly outcome: 'loaded' } | { readonly outcome: 'refused'; readonly reason: string };

/** A load that failed for a reason that passes: it is taken up again later, whole. */
export class LoadInterrupted extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LoadInterrupted';
  }
}

const conflict = /serializable isolation|1023|deadlock|could not serialize/i;
const badRow = /load into table|load_error|value too long|exceeds ddl length|numeric (field |data )?overflow|invalid input syntax|invalid digit|out of range/i;
const mostTries = 4;

/** True when the manifest of this batch stands in the warehouse, every transaction of it. */
export async function isCommitted(batch: string, warehouse: Warehouse): Promise<boolean> {
  const rows = await warehouse.query(committedChunks, { batch });
  return rows.length > 0 && new Set(rows.map(([chunk]) => chunk)).size === Number(rows[0]?.[1]);
}

/** A manifest for COPY per table: the files of all landed batches. */
async function writeManifests(batch: string, taken: readonly LandedPointer[], staging: StagingBucket): Promise<Map<string, string>> {
  const byTable = new Map<string, { url: string; mandatory: true; meta: { content_length: number } }[]>();
  for (const { tables } of taken) {
    for (const [table, { key, bytes }] of Object.entries(tables)) {
      const entry = { url: `s3://${staging.name}/${key}`, mandatory: true as const, meta: { content_length: bytes } };
      byTable.set(table, [...(byTable.get(table) ?? []), entry]);
    }
  }
  const manifests = new Map<string, string>();
  await Promise.all(
    [...byTable].map(async ([table, entries]) => {
      const key = `manifests/${batch}/${table}.json`;
      await staging.put(key, Buffer.from(JSON.stringify({ entries })));
      manifests.set(table, `s3://${staging.name}/${key}`);
    }),
  );
  return manifests;
}

/**
 * Loads landed batches: files → staging → MERGE, each chunk of tables in one transaction with its manifest row.
 * @throws LoadInterrupted when it should be tried again later
 */
export async function loadBatch(taken: readonly LandedPointer[], fence: number, deps: Loading): Promise<LoadResult> {
  const { staging, warehouse, copyRole } = deps;
  const batch = batchIdOf(taken.map(({ name }) => name));
  const manifests = await writeManifests(batch, taken, staging);
  const chunks = chunksOf([...manifests.keys()]);
  for (const [at, names] of chunks.entries()) {
    const rows = taken.reduce((sum, { tables }) => names.reduce((all, name) => all + (tables[name]?.rows ?? 0), sum), 0);
    const events = names.includes('loaded_event') ? taken.reduce((sum, one) => sum + one.events, 0) : 0;
    const statements = chunkStatements(names, (table) => manifests.get(table) ?? '', copyRole);
    const parameters = {
      batch, chunk: String(at + 1), chunks: String(chunks.length), fence: String(fence), table_names: names.join(' ') || '-',
      landed: String(taken.length), rows_landed: String(rows), events: String(events),
    };
    for (let tries = 1; ; tries++) {
      const result = await warehouse.transaction(statements, parameters, `${batch}-${at + 1}-${fence}-${tries}`);
      if (result.outcome === 'committed') break;
      if (conflict.test(result.reason) && tries < mostTries) continue;
      if (badRow.test(result.reason)) return { outcome: 'refused', reason: result.reason };
      throw new LoadInterrupted(result.reason);
    }
  }
  return { outcome: 'loaded' };
}
