import { sequenceOf } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import type { Row } from '../tables/fold.ts';
import { tableNames } from '../tables/tables.ts';
import { add, type FactOf, type Rows } from './rows.ts';

/** Rows that the database has refused once. Tables that are no more are left out. */
export function restoredRows({ payload }: FactOf<'rows.restored'>): Rows {
  const rows: Rows = {};
  for (const name of tableNames) if (payload.rows[name]) add(rows, name, ...payload.rows[name]);
  return rows;
}

const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

/** A refused fact as one that brings the same rows again, `loaded_event` among them. The same rows make the same fact. */
export function restoredFact(refused: { readonly fact: string; readonly key: string }, rowsByTable: ReadonlyMap<string, readonly Row[]>): Fact<'rows.restored'> {
  const rows: Record<string, Row[]> = {};
  for (const name of tableNames) {
    const some = rowsByTable.get(name);
    if (some) rows[name] = some.map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => column !== '_facts')));
  }
  const events = rows['loaded_event'] ?? [];
  const [source = '', account = ''] = refused.key.split(':').map(decodeURIComponent);
  const recordedAt = text(events[0]?.['recorded_at'], new Date(0).toISOString());
  return {
    fact: 'rows.restored', key: refused.key, source: text(events[0]?.['source'], source), account: text(events[0]?.['account'], account),
    sequence: sequenceOf(0), partitionkey: refused.key.slice(0, 256), recordedAt,
    events: events.map((event) => ({
      id: text(event['event_id'], ''), type: text(event['event_type'], ''), key: text(event['event_key'], ''), hash: text(event['data_hash'], ''),
      recordedAt: text(event['recorded_at'], recordedAt),
    })),
    // refused a second time it is still what it was first
    payload: { of: text(events[0]?.['fact'], refused.fact), rows },
  };
}
