import { changeOfPayment, changeOfUpdate, isUnpaid, type OrderChange } from '@orderflow/shared/domain';
import { composeKey, eventHash, originOf, resolveCustomer, type CanonicalEvent } from '@orderflow/shared/events';
import { parseFact, type Fact, type PayloadOf } from '@orderflow/shared/facts';
import { isDecided, orderClaims, sourceDecision, updateClaims } from '@orderflow/shared/workflow';
import { exact, exponentOf, round } from '../convert/money.ts';
import { factOf } from '../intake/fact.ts';
import { correctedClaims } from './corrected-order.ts';
import type { KnownEvent, StandingOrder, StandingReturn } from './standing.ts';

/** What stands of the things that a page of events is about. */
export interface Stands {
  readonly orders: ReadonlyMap<string, StandingOrder>;
  readonly returns: ReadonlyMap<string, StandingReturn>;
  readonly historicalAdjustments: ReadonlySet<string>;
}

/** The order that an event is about; undefined where only its provider's partition tells it and nobody has found it. */
export function orderKeyOf(event: CanonicalEvent, known: KnownEvent): string | undefined {
  switch (event.type) {
    case 'order.created': return event.data.order.key;
    case 'order.updated': return event.data.update.orderKey;
    case 'payment.changed': return event.data.payment.orderKey ?? (known.fact === 'update.settled' ? known.factKey : undefined);
    default: return undefined;
  }
}

/** Key of a return or an adjustment in the warehouse. */
export function entityKeyOf(event: CanonicalEvent): string | undefined {
  const { source, account } = originOf(event);
  if (event.type === 'return.requested') return composeKey(source, account, event.data.return.id);
  return event.type === 'adjustment.recorded' ? composeKey(source, account, event.data.adjustment.id) : undefined;
}

type Envelope = Omit<Fact, 'fact' | 'key' | 'payload'>;

/** Settles the event anew, under what it says today: so it is known when it comes again. */
const envelopeOf = (event: CanonicalEvent, { test }: KnownEvent, mark: string): Envelope => {
  const recordedAt = event.recordedtime ?? event.time;
  return {
    ...originOf(event), sequence: `${event.sequence}${mark}`, partitionkey: event.partitionkey, recordedAt, ...(test ? { test } : {}),
    events: [{ id: event.id, type: event.type, key: event.partitionkey, hash: eventHash(event), recordedAt }],
  };
};

const checked = (fact: object): Fact => parseFact(fact) as Fact;

/** An order's event is an update where the order was known already when it came. */
function orderFact(event: CanonicalEvent<'order.created' | 'order.updated' | 'payment.changed'>, known: KnownEvent, mark: string, orders: Stands['orders']): object | undefined {
  const key = orderKeyOf(event, known);
  if (key === undefined) return undefined;
  const standing = orders.get(key);
  const { sequence } = event;
  const ownPayment = standing?.groups.payment;
  const overdue = standing?.overdue === true && ownPayment?.sequence === sequence && isUnpaid(ownPayment.status as 'PENDING') ? { paymentOverdue: true } : {};
  if (event.type === 'order.created' && known.fact !== 'update.settled') {
    const order = resolveCustomer(event.data.order);
    const claims = correctedClaims(orderClaims(order, sequence), { sequence, mark, at: Date.parse(order.placedAt) }, standing);
    return { fact: 'order.settled', key, payload: { ...claims, ...overdue } };
  }
  const update = event.type === 'order.updated' ? event.data.update : event.type === 'order.created' ? { orderKey: key, occurredAt: event.time, order: event.data.order } : undefined;
  const change: OrderChange = event.type === 'payment.changed' ? changeOfPayment(event.data.payment, sequence) : changeOfUpdate(update ?? { orderKey: key, occurredAt: event.time }, sequence);
  const claims = correctedClaims(updateClaims(change, key, update), { sequence, mark, at: Date.parse(change.occurredAt) }, standing);
  return { fact: 'update.settled', key, payload: { ...claims, ...overdue } };
}

const minorOf = (decimal: string | undefined, currency: string | undefined): number | undefined =>
  decimal === undefined || currency === undefined ? undefined : round(exact(decimal), exponentOf(currency)).minor;

/** Decided once: of a return that was decided here, only what was asked is corrected. */
function keptDecision({ outcome, by, at, refund, amount, fee, currency, reasonCategory }: StandingReturn): Pick<PayloadOf<'return.settled'>, 'decision' | 'refund' | 'reasonCategory'> {
  const [paid, kept] = [minorOf(amount, currency), minorOf(fee, currency)];
  const money = { ...(paid === undefined ? {} : { amount: paid }), ...(kept === undefined ? {} : { fee: kept }) };
  return {
    decision: { outcome, by, rule: by === 'source' ? 'source-decided' : 'kept', at, ...money },
    refund: { status: refund, ...money, ...(currency === undefined ? {} : { currency }) },
    ...(reasonCategory === undefined ? {} : { reasonCategory }),
  };
}

function returnFact(event: CanonicalEvent<'return.requested'>, known: KnownEvent, mark: string, returns: Stands['returns']): object | undefined {
  const { return: returned } = event.data;
  const { source, account } = originOf(event);
  const key = entityKeyOf(event) ?? '';
  const standing = returns.get(key) ?? returns.get(known.factKey);
  if (known.absorbed !== undefined || (!isDecided(returned) && !standing)) return undefined;
  return {
    fact: 'return.settled', key, ...(returned.historical ?? standing?.historical ? { historical: true } : {}),
    payload: {
      return: returned, source, account, sequence: `${event.sequence}${mark}`,
      ...(isDecided(returned) || !standing ? sourceDecision(returned) : keptDecision(standing)),
    },
  };
}

/**
 * The facts that make the warehouse say what an event says by today's mapping: its rows with corrected versions, and the
 * event itself under its new hash. One that needed no row of its own (a repeat, a change that changed nothing) stays so.
 * `mark`: see `correctionMark`.
 */
export function correctionOf(event: CanonicalEvent, known: KnownEvent, stands: Stands, mark: string): Fact[] {
  const envelope = envelopeOf(event, known, mark);
  const { source, account } = originOf(event);
  const register = { ...envelope, fact: 'event.absorbed', key: known.factKey, payload: { reason: known.absorbed ?? 'no-change', ...(known.original === undefined ? {} : { original: known.original }) } };
  switch (event.type) {
    case 'feedback.received': case 'catalog.updated': case 'inventory.counted': case 'adjustment.recorded': {
      const historical = stands.historicalAdjustments.has(entityKeyOf(event) ?? '') ? { historical: true } : {};
      return [checked({ ...factOf(event, source, account), ...envelope, ...historical })];
    }
    case 'order.created': case 'order.updated': case 'payment.changed': {
      const own = orderFact(event, known, mark, stands.orders);
      if (!own) return [checked(register)];
      return known.absorbed === undefined ? [checked({ ...envelope, ...own })] : [checked({ ...envelope, ...own, events: [] }), checked(register)];
    }
    case 'return.requested': {
      const own = returnFact(event, known, mark, stands.returns);
      return [checked(own ? { ...envelope, ...own } : register)];
    }
    case 'source.notified': case 'intake.rejected':
      return [];
  }
}
