import { accountsOf } from '@orderflow/shared/accounts';
import { changeOfPayment, changeOfUpdate } from '@orderflow/shared/domain';
import { composeKey, eventHash, originOf, resolveCustomer, type CanonicalEvent } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { isDecided, MemoryFacts, orderClaims, sourceDecision, updateClaims } from '@orderflow/shared/workflow';
import type { Delivery } from '../intake/delivery.ts';
import { s3Archive } from '../intake/archive.ts';
import { factOf } from '../intake/fact.ts';
import type { ClaimRegister } from '../reinterpret/claims.ts';
import { handle, type ReinterpretDeps, type ReinterpretInput, type Reinterpreted } from '../reinterpret/handle.ts';
import type { Standing } from '../reinterpret/standing.ts';
import { interpretDelivery } from '../sources/fixtures.ts';
import { memoryObjects, noon } from './memory.ts';

const minute = 60_000;

/** A delivery of canonical:default, `at` minutes after noon. */
export const delivered = (id: string, at: number, ...items: readonly object[]): Delivery => ({
  source: 'canonical', account: 'default', method: 'POST', url: '', headers: { 'webhook-id': id, 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(items)), receivedAt: noon + at * minute,
});

const settle = (event: CanonicalEvent, historical?: boolean) => {
  const recordedAt = event.recordedtime ?? event.time;
  return {
    ...originOf(event), sequence: event.sequence, partitionkey: event.partitionkey, recordedAt, ...(historical ? { historical } : {}),
    events: [{ id: event.id, type: event.type, key: event.partitionkey, hash: eventHash(event), recordedAt }],
  };
};

/** What the workflows tell the warehouse of an event; `confirmed`: our own step on a new order, a minute after it came. */
export function settled(event: CanonicalEvent, confirmed = false): Fact {
  const { source, account } = originOf(event);
  switch (event.type) {
    case 'order.created': {
      const claims = orderClaims(resolveCustomer(event.data.order), event.sequence);
      const ours = confirmed && claims.order.status === 'NEW';
      const at = new Date(Date.parse(event.recordedtime ?? event.time) + minute).toISOString();
      const payload = ours
        ? { ...claims, order: { ...claims.order, status: 'CONFIRMED' as const }, history: [...claims.history, { group: 'order' as const, status: 'CONFIRMED', at, sequence: event.sequence }] }
        : claims;
      return { ...settle(event), fact: 'order.settled', key: claims.order.key, payload };
    }
    case 'order.updated': {
      const { update } = event.data;
      return { ...settle(event), fact: 'update.settled', key: update.orderKey, payload: updateClaims(changeOfUpdate(update, event.sequence), update.orderKey, update) };
    }
    case 'payment.changed': {
      const { payment } = event.data;
      const key = payment.orderKey ?? '';
      return { ...settle(event), fact: 'update.settled', key, payload: updateClaims(changeOfPayment(payment, event.sequence), key, undefined) };
    }
    case 'return.requested': {
      const { return: returned } = event.data;
      const ours = {
        decision: { outcome: 'PARTIAL' as const, by: 'policy' as const, rule: 'within-window', at: '2026-11-22T13:00:00.000Z', amount: 700, fee: 50, features: { days: 2 } },
        refund: { status: 'DUE' as const, amount: 700, fee: 50, currency: returned.currency ?? 'EUR' }, reasonCategory: 'damage',
      };
      return {
        ...settle(event), fact: 'return.settled', key: composeKey(source, account, returned.id),
        payload: { return: returned, source, account, sequence: event.sequence, ...(isDecided(returned) ? sourceDecision(returned) : ours) },
      };
    }
    case 'source.notified': case 'intake.rejected':
      throw new Error(`${event.type} settles nothing`);
    default:
      return factOf(event, source, account);
  }
}

export const eventsIn = (deliveries: readonly Delivery[]): CanonicalEvent[] => deliveries.flatMap((delivery) => [...interpretDelivery(delivery).events]);

export interface ArchiveWorld {
  readonly facts: MemoryFacts;
  /** What went through the sink. */
  readonly taken: CanonicalEvent[];
  readonly released: string[];
  readonly claims: Map<string, string>;
  readonly objects: Map<string, Uint8Array>;
  readonly deps: ReinterpretDeps;
  run(more?: Partial<ReinterpretInput>): Promise<Reinterpreted>;
}

/** The raw archive with these deliveries, each in an object of its own hour, and a function that reads it beside `standing`. */
export async function archiveWorld(deliveries: readonly Delivery[], standing: Standing, changes: Partial<ReinterpretDeps> = {}): Promise<ArchiveWorld> {
  const objects = memoryObjects();
  let now = noon;
  let writers = 0;
  for (const delivery of deliveries) {
    now = delivery.receivedAt;
    const writer = s3Archive(objects, 'archive', { clock: () => now, log: silentLog, meter: silentMeter, newId: () => `w${String(++writers).padStart(4, '0')}` });
    writer.add(delivery);
    await writer.flush();
  }
  const [facts, taken, released, claims] = [new MemoryFacts(), [] as CanonicalEvent[], [] as string[], new Map<string, string>()];
  const register: ClaimRegister = {
    taken: async (ids) => new Set(ids.filter((id) => claims.has(id))),
    reads: async (id, hash) => {
      if (claims.has(id)) claims.set(id, hash);
    },
  };
  const deps: ReinterpretDeps = {
    accounts: accountsOf('local'), bucket: 'archive', standing, claims: register, facts,
    archive: {
      async *keys(hour, from = '') {
        yield* [...objects.held.keys()].filter((key) => key.startsWith(`archive/raw/${hour}/`)).map((key) => key.slice('archive/'.length)).filter((key) => key > from).sort();
      },
      get: (key) => objects.get('archive', key),
    },
    sink: { put: async (more) => void taken.push(...more) },
    release: async (id) => void released.push(id),
    clock: () => noon + 24 * 60 * minute, log: silentLog, ...changes,
  };
  const asked = { from: new Date(noon - 60 * minute).toISOString(), until: new Date(noon + 24 * 60 * minute).toISOString(), at: new Date(noon + 25 * 60 * minute).toISOString() };
  return { facts, taken, released, claims, objects: objects.held, deps, run: (more) => handle({ ...asked, ...more }, deps, { remainingMs: () => 300_000 }) };
}
