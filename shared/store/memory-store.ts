import { bookRefund } from '@orderflow/shared/domain';
import type { Clock } from '@orderflow/shared/lambda';
import { claimKey, orderSk, sentSk, type InFlightItem, type InFlightService, type ItemKey, type ItemState, type Partition, type SentGuard } from './item.ts';
import type {
  AmendResult, ClaimResult, Content, DuePage, DueState, Fence, ForgetResult, InFlightStore, NewItem, OwnChange, ReceiveResult, RefundBooking, SentRecord,
  WriteResult,
} from './port.ts';
import { duePk, duePkOf } from './row.ts';

const nameOf = ({ pk, sk }: ItemKey): string => `${pk}\n${sk}`;
type Writable = { -readonly [K in keyof InFlightItem]: InFlightItem[K] };

/** The table in memory, for tests: passes the same contract suite as the real one. */
export class MemoryStore implements InFlightStore {
  readonly items = new Map<string, InFlightItem>();
  readonly claims = new Map<string, { readonly hash: string; readonly item: ItemKey }>();
  readonly guards = new Map<string, SentGuard & { readonly pk: string; readonly unsure?: { readonly service: InFlightService; readonly at: string } }>();
  readonly payments = new Map<string, string>();
  readonly awaited = new Set<string>();
  /** Requests that DynamoDB would have taken. */
  calls = 0;
  readonly #clock: Clock;

  constructor(clock: Clock = () => Date.now()) {
    this.#clock = clock;
  }

  #now = (): string => new Date(this.#clock()).toISOString();
  #put = (item: InFlightItem): InFlightItem => {
    this.items.set(nameOf(item), structuredClone(item));
    return structuredClone(item);
  };
  #read = (key: ItemKey): InFlightItem | undefined => {
    const item = this.items.get(nameOf(key));
    return item && structuredClone(item);
  };
  #apply = (item: InFlightItem, content: Content, more: Partial<InFlightItem> = {}): InFlightItem =>
    this.#put({ ...item, ...content, ...more, revision: item.revision + 1 });

  async receive({ payments = [], ...one }: NewItem): Promise<ReceiveResult> {
    this.calls++;
    const claim = this.claims.get(claimKey(one.event.id).pk);
    const there = this.#read(one);
    if (claim) {
      if (claim.hash !== one.event.hash) return { outcome: 'conflict', claimedHash: claim.hash };
      const item = this.#read(claim.item);
      if (!item) return { outcome: 'duplicate' };
      return { outcome: item.state === 'RECEIVED' ? 'redelivered' : 'duplicate', item };
    }
    if (there) return { outcome: 'exists', item: there, sameContent: there.event.hash === one.event.hash };
    this.claims.set(claimKey(one.event.id).pk, { hash: one.event.hash, item: { pk: one.pk, sk: one.sk } });
    for (const pk of payments) if (!this.payments.has(pk)) this.payments.set(pk, one.pk);
    const awaited = payments.filter((pk) => this.awaited.has(pk));
    const progress = awaited.length > 0 ? { progress: { awaited } } : {};
    return { outcome: 'received', item: this.#put({ ...one, ...progress, state: 'RECEIVED', version: 1, revision: 1, attempt: 1, receivedAt: this.#now() }) };
  }

  async get(key: ItemKey): Promise<InFlightItem | undefined> {
    this.calls++;
    return this.#read(key);
  }

  async look(pk: string): Promise<Partition> {
    this.calls++;
    const all = [...this.items.values()].filter((item) => item.pk === pk).map((item) => structuredClone(item));
    const order = all.find((item) => item.sk === orderSk);
    const paymentOf = this.payments.get(pk);
    return {
      ...(order ? { order } : {}),
      others: all.filter((item) => item !== order).sort((a, b) => (a.sk < b.sk ? -1 : 1)),
      sent: [...this.guards.values()].filter((guard) => guard.pk === pk).map(({ pk: _, unsure: __, ...guard }) => guard),
      ...(paymentOf ? { paymentOf } : {}),
    };
  }

  #fenced(key: ItemKey, fence: Fence, states: readonly ItemState[] = ['RECEIVED']): WriteResult {
    const item = this.#read(key);
    if (!item || item.attempt !== fence.attempt || !states.includes(item.state)) return { outcome: 'lost', ...(item ? { item } : {}) };
    return item.revision === fence.revision ? { outcome: 'written', item } : { outcome: 'changed', item };
  }

  async save(key: ItemKey, fence: Fence, content: Content): Promise<WriteResult> {
    this.calls++;
    const allowed = this.#fenced(key, fence);
    return allowed.outcome === 'written' ? { ...allowed, item: this.#apply(allowed.item, content) } : allowed;
  }

  async saveAndClaim(key: ItemKey, fence: Fence, content: Content, claim: { transition: string; by: string }) {
    this.calls++;
    const guard = this.#guard(key.pk, claim.transition);
    const allowed = this.#fenced(key, fence);
    if (allowed.outcome !== 'written') return allowed;
    if (guard) return { outcome: 'taken' as const, guard };
    this.#claim(key.pk, claim);
    this.#apply(allowed.item, content);
    return { outcome: 'written' as const };
  }

  async amendOrder(orderKey: string, revision: number, content: Content, own?: OwnChange): Promise<AmendResult> {
    this.calls++;
    const mine = own && this.#fenced(own.key, own.fence);
    if (mine && mine.outcome !== 'written') return { outcome: 'lost' };
    const item = this.#read({ pk: orderKey, sk: orderSk });
    if (item?.revision !== revision || (item.state === 'FORGOTTEN' && content.data !== undefined)) return { outcome: 'changed' };
    this.#apply(item, content);
    if (own && mine) this.#apply(mine.item, own.content);
    return { outcome: 'written' };
  }

  async park(key: ItemKey, fence: Fence, { reason, dueAt, content = {} }: Parameters<InFlightStore['park']>[2]): Promise<WriteResult> {
    this.calls++;
    const allowed = this.#fenced(key, fence);
    if (allowed.outcome !== 'written') return allowed;
    const parked = { reason, since: allowed.item.parked?.since ?? this.#now() };
    if (reason === 'payment-unknown') this.awaited.add(key.pk);
    return { ...allowed, item: this.#apply(allowed.item, content, { state: 'PARKED', parked, dueAt }) };
  }

  async wake(key: ItemKey, { attempt, dueAt }: { attempt: number; dueAt: string }): Promise<WriteResult> {
    this.calls++;
    const item = this.#read(key);
    if (!item || item.state !== 'PARKED' || item.attempt !== attempt) return { outcome: 'lost', ...(item ? { item } : {}) };
    return { outcome: 'written', item: this.#apply(item, {}, { state: 'RECEIVED', attempt: attempt + 1, version: item.version + 1, dueAt }) };
  }

  #guard = (pk: string, transition: string): SentGuard | undefined => {
    const found = this.guards.get(nameOf({ pk, sk: sentSk(transition) }));
    if (!found) return undefined;
    const { pk: _, unsure: __, ...guard } = found;
    return guard;
  };

  #claim = (pk: string, { transition, by }: { transition: string; by: string }): void => {
    this.guards.set(nameOf({ pk, sk: sentSk(transition) }), { pk, transition, by, at: this.#now() });
  };

  async claimSent(pk: string, claim: { transition: string; by: string }): Promise<ClaimResult> {
    this.calls++;
    const guard = this.#guard(pk, claim.transition);
    if (guard) return { outcome: 'taken', guard };
    this.#claim(pk, claim);
    return { outcome: 'claimed' };
  }

  async releaseSent(pk: string, { transition, by }: { transition: string; by: string }): Promise<void> {
    this.calls++;
    const name = nameOf({ pk, sk: sentSk(transition) });
    const guard = this.guards.get(name);
    if (guard?.by === by && !guard.outcome) this.guards.delete(name);
  }

  #record = (pk: string, service: InFlightService, records: readonly SentRecord[]): void => {
    for (const { transition, outcome, messageId } of records) {
      const name = nameOf({ pk, sk: sentSk(transition) });
      const guard = this.guards.get(name);
      if (!guard) continue;
      const { unsure: _, ...sure } = guard;
      this.guards.set(name, {
        ...sure, outcome, ...(messageId ? { messageId } : {}), ...(outcome === 'unknown' ? { unsure: { service, at: this.#now() } } : {}),
      });
    }
  };

  async recordSent(pk: string, service: InFlightService, records: readonly SentRecord[]): Promise<void> {
    this.calls++;
    this.#record(pk, service, records);
  }

  #tombstone = (item: InFlightItem): void => {
    const { data: _, progress: __, dueAt: ___, parked: ____, ...kept } = item as Writable;
    this.#put({ ...kept, state: 'FORGOTTEN', revision: item.revision + 1 });
  };

  async done(key: ItemKey, { attempt, version, dueAt, sent = [] }: Parameters<InFlightStore['done']>[1]) {
    this.calls++;
    const item = this.#read(key);
    if (!item || item.attempt !== attempt || item.state === 'PARKED') return 'lost' as const;
    if (item.state !== 'RECEIVED') return item.state === 'DONE' ? ('done' as const) : ('forgotten' as const);
    this.#record(key.pk, item.service, sent);
    if (item.loadedVersion === version) {
      this.#tombstone(item);
      return 'forgotten' as const;
    }
    this.#apply(item, {}, { state: 'DONE', dueAt });
    return 'done' as const;
  }

  async forget({ version, ...key }: ItemKey & { version: number }): Promise<ForgetResult> {
    this.calls++;
    const item = this.#read(key);
    if (!item) return 'unknown';
    if (item.state === 'FORGOTTEN') return 'already';
    if (item.version !== version) return 'superseded';
    if (item.state === 'DONE') {
      this.#tombstone(item);
      return 'forgotten';
    }
    this.#put({ ...item, loadedVersion: version }); // not a change of what the fence guards
    return 'noted';
  }

  async release(item: InFlightItem): Promise<'released' | 'changed'> {
    this.calls++;
    if (this.#read(item)?.revision !== item.revision) return 'changed';
    this.items.delete(nameOf(item));
    this.claims.delete(claimKey(item.event.id).pk);
    return 'released';
  }

  async bookRefund(key: ItemKey, fence: Fence, content: Content, { orderKey, ...refund }: RefundBooking) {
    this.calls += 2;
    const allowed = this.#fenced(key, fence);
    if (allowed.outcome !== 'written') return allowed;
    const order = this.#read({ pk: orderKey, sk: orderSk });
    const refunds = order?.refunds && bookRefund(order.refunds, refund);
    if (!order || !refunds) return { outcome: 'refused' as const, ...(order ? { order } : {}) };
    this.#apply(order, { refunds });
    this.#apply(allowed.item, content);
    return { outcome: 'written' as const };
  }

  async pointPayment(paymentPk: string, orderKey: string): Promise<void> {
    this.calls++;
    if (!this.payments.has(paymentPk)) this.payments.set(paymentPk, orderKey);
  }

  async redact(key: ItemKey, revision: number, data: unknown): Promise<'redacted' | 'busy'> {
    this.calls++;
    const item = this.#read(key);
    if (!item || item.revision !== revision || (item.state !== 'PARKED' && item.state !== 'DONE')) return 'busy';
    this.#apply(item, { data });
    return 'redacted';
  }

  async statesOf(eventIds: readonly string[]): Promise<ReadonlyMap<string, ItemState>> {
    this.calls += 2;
    return new Map(eventIds.flatMap((id): [string, ItemState][] => {
      const claim = this.claims.get(claimKey(id).pk);
      const item = claim && this.#read(claim.item);
      return item ? [[id, item.state]] : [];
    }));
  }

  async due({ service, state, shard, until, limit, from }: Parameters<InFlightStore['due']>[0]): Promise<DuePage> {
    this.calls++;
    const here = (one: ItemKey & { service: InFlightService; state: DueState; dueAt?: string }) =>
      one.dueAt !== undefined && duePkOf(one.service, one.state, one) === duePk(service, state, shard) && one.dueAt <= until
        ? [{ pk: one.pk, sk: one.sk, service, state, dueAt: one.dueAt }]
        : [];
    const all = [
      ...[...this.items.values()].flatMap(here),
      ...[...this.guards.values()].flatMap((guard) => guard.unsure ? here({ pk: guard.pk, sk: sentSk(guard.transition), service: guard.unsure.service, state: 'UNSURE', dueAt: guard.unsure.at }) : []),
    ].sort((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : 0));
    const start = from === undefined ? 0 : Number(from);
    const items = all.slice(start, start + limit);
    return { items, ...(start + limit < all.length ? { next: String(start + limit) } : {}) };
  }
}
