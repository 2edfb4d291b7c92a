import { composeKey, destinationByType, isPointed, originOf, type CanonicalEvent } from '@orderflow/shared/events';
import { exactText, exponentOf } from '../convert/index.ts';
import { placingOf } from '../intake/place.ts';

/**
 * One event that was accepted, or one thing of which the source itself says that it is so: what `reconcile` compares with
 * the warehouse. JSON lines of it are read by COPY, column by column.
 */
export interface TallyLine {
  /** `intake`: out of the raw archive. `source`: out of the source's own list. */
  readonly said: 'intake' | 'source';
  readonly event_id: string;
  readonly event_type: string;
  /** What amounts are added up for; `other` has none. */
  readonly what: 'orders' | 'returns' | 'adjustments' | 'other';
  readonly source: string;
  readonly account: string;
  /** Key of the order, return or adjustment as the warehouse has it. */
  readonly entity_key: string;
  readonly sequence: string;
  /** UTC day of the order, return or adjustment; of what has none, the day on which it came. */
  readonly day: string;
  /** ISO 4217. */
  readonly currency: string | null;
  /** Total in the currency's own unit. */
  readonly amount: string | null;
  /** When intake took it, UTC. */
  readonly recorded_at: string;
  /** It could not be read then, or cannot now. */
  readonly rejected: boolean;
}

type Stated = Pick<TallyLine, 'what' | 'entity_key' | 'day' | 'currency' | 'amount'>;

const dayOf = (at: string): string => new Date(at).toISOString().slice(0, 10);
const decimal = (minor: number, currency: string): string => exactText({ units: BigInt(minor), scale: exponentOf(currency) });
const money = (minor: number | undefined, currency: string | undefined): Pick<TallyLine, 'currency' | 'amount'> =>
  minor === undefined || currency === undefined ? { currency: currency ?? null, amount: null } : { currency, amount: decimal(minor, currency) };

/** What an event says of money. Only whole orders do: an update of a status has no total. */
function stated(event: CanonicalEvent, source: string, account: string): Stated {
  const { data } = event;
  const order = event.type === 'order.created' ? event.data.order : event.type === 'order.updated' ? event.data.update.order : undefined;
  if (order) return { what: 'orders', entity_key: order.key, day: dayOf(order.placedAt), ...money(order.total, order.currency) };
  if ('return' in data) return { what: 'returns', entity_key: composeKey(source, account, data.return.id), day: dayOf(data.return.requestedAt), ...money(data.return.amount, data.return.currency) };
  if ('adjustment' in data) return { what: 'adjustments', entity_key: composeKey(source, account, data.adjustment.id), day: dayOf(data.adjustment.at), ...money(data.adjustment.amount, data.adjustment.currency) };
  return { what: 'other', entity_key: placingOf(event, source, account).entity, day: dayOf(event.recordedtime ?? event.time), currency: null, amount: null };
}

/**
 * The line of an event; none for a thin notice, which is not an event of the warehouse: what is fetched for it is.
 * @throws Error where the event's data lie elsewhere: those that intake has just made never do
 */
export function lineOf(event: CanonicalEvent, said: TallyLine['said']): TallyLine | undefined {
  if (!['events', 'facts'].includes(destinationByType[event.type])) return undefined;
  if (isPointed(event)) throw new Error(`the data of event ${event.id} lie elsewhere`);
  const { source, account } = originOf(event);
  return {
    said, event_id: event.id, event_type: event.type, source, account, sequence: event.sequence, ...stated(event, source, account),
    recorded_at: event.recordedtime ?? event.time, rejected: false,
  };
}

/** The line of an item that could not be read. */
export const rejectedLine = (id: string, { source, account, receivedAt }: { readonly source: string; readonly account: string; readonly receivedAt: number }): TallyLine => {
  const at = new Date(receivedAt).toISOString();
  return {
    said: 'intake', event_id: id, event_type: 'unreadable', what: 'other', source, account, entity_key: '-', sequence: '', day: at.slice(0, 10), currency: null, amount: null,
    recorded_at: at, rejected: true,
  };
};
