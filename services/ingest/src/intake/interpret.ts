import type { Account } from '@orderflow/shared/accounts';
import { bytesHash, eventId, InvalidEvent, parseEvent, type CanonicalEvent } from '@orderflow/shared/events';
import { fieldsOf, readJson, Unreadable } from '../convert/index.ts';
import { isRejection, routeOf, type Draft, type Items, type Place, type Rejection, type SourceDefinition } from '../sources/definition.ts';
import { checkBelongs } from './belongs.ts';
import { mark } from './mark.ts';
import { placingOf } from './place.ts';
import type { Delivery } from './delivery.ts';

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

export interface Reading {
  readonly source: SourceDefinition;
  readonly account: Account;
  /** All accounts of the stage: payments may name orders of linked shops. */
  readonly accounts: readonly Account[];
}

/**
 * More events than this in one delivery are refused: each unreadable one is an entry of its own in quarantine, written
 * before the answer. What has more is a file.
 */
export const mostItems = 1_000;

/** The payload, parsed when somebody asks for it and not more than once. */
function lazily(body: Uint8Array): () => unknown {
  let parsed: { readonly value: unknown } | undefined;
  return () => (parsed ??= { value: readJson(body) }).value;
}

function wordAt(place: Place, delivery: Delivery, payload: () => unknown): string | undefined {
  if ('header' in place) return delivery.headers[place.header];
  const value = payload();
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? fieldsOf(value).text(place.field) : undefined;
}

function deliveryId(source: SourceDefinition, delivery: Delivery, payload: () => unknown): string {
  if (delivery.via !== undefined) return bytesHash(delivery.body);
  for (const place of source.delivery) {
    try {
      const word = wordAt(place, delivery, payload);
      if (word !== undefined && word !== '') return word;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
  }
  return bytesHash(delivery.body);
}

function topicOf(source: SourceDefinition, delivery: Delivery, payload: () => unknown): string {
  const topic = delivery.via !== undefined ? delivery.topic
    : 'always' in source.topic ? source.topic.always
    : wordAt(source.topic, delivery, payload);
  if (topic === undefined) throw new Unreadable('topic', '$', 'names no topic');
  return topic;
}

/** The items of a delivery; of an asked one the API's own reader reads them, whatever its topic is routed to. */
function itemsOf(delivery: Delivery, topic: string, payload: () => unknown, { source, account }: Reading): Items | 'ping' | 'ignore' {
  const { receivedAt } = delivery;
  if (delivery.via !== undefined) {
    if (!source.api) throw new Error(`${source.name} has no API that could be asked`);
    return source.api.toEvents(payload(), { account, topic, receivedAt });
  }
  const route = routeOf(source, account.role, topic);
  return route === 'ping' || route === 'ignore' ? route : source.toEvents(payload(), { account, topic, route, receivedAt });
}

export const rejectionOf = (error: unknown): Rejection => {
  if (error instanceof Unreadable) return { code: error.code, path: error.path, message: error.message };
  if (error instanceof InvalidEvent) {
    const [problem] = error.problems;
    return { code: 'schema', path: problem?.path ?? '$', message: problem?.message ?? 'is not what its type says' };
  }
  throw error;
};

/** A draft with identity, source, partition and our own times: a valid canonical event. @throws Unreadable, InvalidEvent */
export function complete(
  draft: Draft, id: string, receivedAt: number, { account, accounts }: Reading, cause?: string,
): CanonicalEvent {
  // the schema first: the rules after it may then rely on the shape
  const unplaced = {
    specversion: '1.0',
    id,
    source: `/sources/${account.source}/${account.account}`,
    subject: id,
    time: draft.time,
    partitionkey: id,
    sequence: draft.sequence,
    recordedtime: new Date(receivedAt).toISOString(),
    ...(cause === undefined ? {} : { causationid: cause }),
    type: draft.type,
    data: draft.data,
  };
  const valid = parseEvent(unplaced);
  checkBelongs(valid, account, accounts);
  const { partitionkey, entity } = placingOf(valid, account.source, account.account);
  // Kinesis takes keys of up to 256 characters; percent-encoding may make three of one
  if (partitionkey.length > 256 || entity.length > 512) throw new Unreadable('key', '$.data', 'holds an id too long for a key');
  return mark({ ...valid, partitionkey, subject: entity }, account, receivedAt);
}

/**
 * Raw bytes → canonical events and what could not be read. Pure: the same delivery always says the same, whoever asks
 * (the producer, `receive`, replay, normalize).
 */
export function interpret(delivery: Delivery, reading: Reading): Interpretation {
  const { source, account } = reading;
  const payload = lazily(delivery.body);
  const id = deliveryId(source, delivery, payload);
  const idAt = (position: number): string => eventId(account.source, account.account, id, position);
  const failed = (error: unknown, topic?: string): Interpretation => ({
    delivery: id, topic, skipped: undefined, events: [], rejected: [{ ...rejectionOf(error), id: idAt(0), position: 0 }],
  });

  let topic: string | undefined;
  let items: Items;
  try {
    topic = topicOf(source, delivery, payload);
    const found = itemsOf(delivery, topic, payload, reading);
    if (typeof found === 'string') return { delivery: id, topic, skipped: found, events: [], rejected: [] };
    items = found;
    if (items.length > mostItems) throw new Unreadable('too-many-events', '$', `holds more than ${mostItems} events`);
  } catch (error) {
    return failed(error, topic);
  }

  const events: CanonicalEvent[] = [];
  const rejected: Rejected[] = [];
  items.forEach((item, position) => {
    try {
      if (isRejection(item)) rejected.push({ ...item, id: idAt(position), position });
      else events.push(complete(item, idAt(position), delivery.receivedAt, reading, delivery.cause));
    } catch (error) {
      const why = rejectionOf(error);
      const at = isRejection(item) ? undefined : item.at;
      rejected.push({ ...why, path: at === undefined ? why.path : `${at}${why.path.slice(1)}`, id: idAt(position), position });
    }
  });
  // a reader that found nothing at all: a known topic about something we do not record
  if (items.length === 0) return { delivery: id, topic, skipped: 'ignore', events, rejected };
  return { delivery: id, topic, skipped: undefined, events, rejected };
}
