import { limits, parkEnds } from '@orderflow/shared/domain';
import { dueShards, inFlightServices, type DueItem, type DueState, type InFlightService, type InFlightStore } from '@orderflow/shared/store';
import { mostExamples, type Finding, type FindingCode } from '../finding.ts';

const minute = 60_000;
/** Items read of each shard: counting is bounded, however large a backlog is. */
const perShard = 100;
/** Parked items looked at one by one in a run and service. */
const lookedAt = 40;

interface Window {
  readonly code: FindingCode;
  readonly state: DueState;
  /** Minutes that an item must be past its due time. */
  readonly lateMinutes: number;
}

/** A received item is due when the schedule would start it, a done one when its load should have been read back. */
const windows: readonly Window[] = [
  { code: 'STUCK_RECEIVED', state: 'RECEIVED', lateMinutes: limits.stuckMinutes.RECEIVED - limits.restartAfterMinutes },
  { code: 'STUCK_DONE', state: 'DONE', lateMinutes: 0 },
  { code: 'PARKED_OVERDUE', state: 'PARKED', lateMinutes: 4 * limits.reprocess.intervalMinutes },
  { code: 'NOTICE_UNKNOWN', state: 'UNSURE', lateMinutes: 0 },
];

async function dueItems(store: InFlightStore, service: InFlightService, state: DueState, until: number): Promise<DueItem[]> {
  const shards = Array.from({ length: dueShards }, (_, shard) => shard);
  const pages = await Promise.all(shards.map((shard) => store.due({ service, state, shard, until: new Date(until).toISOString(), limit: perShard })));
  return pages.flatMap((page) => page.items).sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
}

const findingOf = (code: FindingCode, where: string, items: readonly DueItem[]): Finding[] =>
  items.length === 0
    ? []
    : [{ code, where, count: items.length, since: Date.parse(items[0]?.dueAt ?? ''), examples: [...new Set(items.map((item) => item.pk))].slice(0, mostExamples) }];

/** What in the in-flight table is past its time, by service; found through the due index, never by a scan. */
export async function findInFlight(store: InFlightStore, now: number): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const service of inFlightServices) {
    for (const { code, state, lateMinutes } of windows) {
      found.push(...findingOf(code, service, await dueItems(store, service, state, now - lateMinutes * minute)));
    }
    found.push(...(await findWaiting(store, service, now)));
  }
  return found;
}

/** Parked items that come up within a day: overdue payments, and what nears the end of its waiting. */
async function findWaiting(store: InFlightStore, service: InFlightService, now: number): Promise<Finding[]> {
  const day = now + 24 * 60 * minute;
  const soon = (await dueItems(store, service, 'PARKED', day)).slice(0, lookedAt);
  const waiting = await Promise.all(soon.map(async (due) => ({ due, parked: (await store.get(due))?.parked })));
  const ending = waiting.filter(({ parked }) => parked !== undefined && parked.reason !== 'payment-overdue' && Date.parse(parkEnds(parked.reason, parked.since)) <= day);
  const unpaid = waiting.filter(({ parked }) => parked?.reason === 'payment-overdue');
  return [
    ...findingOf('PARKED_NEAR_LIMIT', service, ending.map(({ due }) => due)),
    ...findingOf('PAYMENT_OVERDUE', service, unpaid.map(({ due }) => due)),
  ];
}
