import { eventId, type CanonicalEvent } from '@orderflow/shared/events';
import { Unreadable } from '../convert/index.ts';
import { isRejection, type Rejection } from '../sources/definition.ts';
import { itemsIn, type Item } from '../sources/unwrap.ts';
import { complete, rejectionOf } from './complete.ts';
import type { Delivery } from './delivery.ts';
import { deliveryId, lazily, saidIn, type Reading, type Said } from './said.ts';

/** An item that could not be read; `id` is the id its event would have had. */
export interface Rejected extends Rejection {
  readonly id: string;
  readonly position: number;
}

/** What a delivery says. */
export interface Interpretation {
  /** The vendor's id of the delivery, or the hash of its bytes. */
  readonly delivery: string;
  readonly topic: string | undefined;
  /** Set when the topic is a ping or one that we do not use; then nothing else is. */
  readonly skipped: 'ping' | 'ignore' | undefined;
  /** In payload order. */
  readonly events: readonly CanonicalEvent[];
  readonly rejected: readonly Rejected[];
}

/**
 * More events than this in one delivery are refused: each unreadable one is an entry of its own in quarantine, written
 * before the answer. What has more is a file.
 */
export const mostItems = 1_000;

/** A path inside an item, as a path in the body. */
const inBody = (path: string, item: string): string => (item === '$' ? path : `${item}${path.slice(1)}`);

/**
 * Raw bytes → canonical events and what could not be read. Pure: the same delivery always says the same, whoever asks
 * (the producer, `receive`, replay, normalize).
 */
export function interpret(delivery: Delivery, reading: Reading): Interpretation {
  const { source, account } = reading;
  const whole = lazily(source, delivery);
  const id = deliveryId(source, delivery, whole);
  const events: CanonicalEvent[] = [];
  const rejected: Rejected[] = [];
  const topics: string[] = [];
  const skipped: ('ping' | 'ignore')[] = [];
  let position = 0;
  const idAt = (own: string | undefined, within: number): string => eventId(account.source, account.account, own ?? id, own === undefined ? position : within);
  const reject = (why: Rejection, own?: string, within = 0): void => void rejected.push({ ...why, id: idAt(own, within), position: position++ });

  const readItem = (item: () => Item, path: string): void => {
    let said: Said;
    try {
      said = saidIn(item, delivery, whole, reading);
    } catch (error) {
      const why = rejectionOf(error);
      return reject({ ...why, path: inBody(why.path, path) });
    }
    topics.push(said.topic);
    if (typeof said.items === 'string') return void skipped.push(said.items);
    // a reader that found nothing at all: a known topic about something we do not record
    if (said.items.length === 0) return void skipped.push('ignore');
    if (position + said.items.length > mostItems) throw new Unreadable('too-many-events', '$', `holds more than ${mostItems} events`);
    said.items.forEach((one, within) => {
      try {
        if (isRejection(one)) return reject({ ...one, path: inBody(one.path, path) }, said.id, within);
        events.push(complete(one, idAt(said.id, within), delivery.receivedAt, reading, delivery.cause));
        position++;
      } catch (error) {
        const why = rejectionOf(error);
        const at = isRejection(one) ? undefined : one.at;
        reject({ ...why, path: inBody(at === undefined ? why.path : `${at}${why.path.slice(1)}`, path) }, said.id, within);
      }
    });
  };

  try {
    // without anything to unwrap nothing is parsed before its topic, which may stand in a header, is found to be ours
    if (delivery.via !== undefined || source.unwrap === undefined) readItem(whole, '$');
    else for (const item of itemsIn(source.unwrap, whole())) readItem(() => item, item.path);
  } catch (error) {
    position = 0;
    return { delivery: id, topic: topics[0], skipped: undefined, events: [], rejected: [{ ...rejectionOf(error), id: idAt(undefined, 0), position }] };
  }
  const nothing = events.length === 0 && rejected.length === 0;
  return { delivery: id, topic: topics[0], skipped: nothing ? (skipped.includes('ignore') || skipped.length === 0 ? 'ignore' : 'ping') : undefined, events, rejected };
}
