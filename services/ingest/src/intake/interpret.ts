import type { Account } from '@orderflow/shared/accounts';
import { bytesHash, eventId, InvalidEvent, parseEvent, type CanonicalEvent } from '@orderflow/shared/events';
import { Unreadable } from '../convert/index.ts';
import { isRejection, routeOf, type Draft, type Items, type Place, type Rejection, type Shapes, type SourceDefinition } from '../sources/definition.ts';
import { valueAt, wordIn } from '../sources/place.ts';
import { bodyOf, itemsIn, type Item } from '../sources/unwrap.ts';
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

/** The body, parsed when somebody asks for it and not more than once. */
function lazily(source: SourceDefinition, delivery: Delivery): () => Item {
  let parsed: Item | undefined;
  // what an API returned was never wrapped
  return () => (parsed ??= bodyOf(delivery.via === undefined ? source.unwrap ?? [] : [], delivery.body));
}

function wordAt(place: Place, { headers }: Delivery, outer: () => Item, item: () => Item): string | undefined {
  if ('header' in place) return headers[place.header] || undefined;
  if ('outer' in place) return wordIn(outer().payload, place.outer);
  for (const path of typeof place.field === 'string' ? [place.field] : place.field) {
    const found = wordIn(item().payload, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function deliveryId(source: SourceDefinition, delivery: Delivery, whole: () => Item): string {
  if (delivery.via !== undefined) return bytesHash(delivery.body);
  for (const place of source.delivery) {
    try {
      const word = wordAt(place, delivery, whole, whole);
      if (word !== undefined) return word;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
  }
  return bytesHash(delivery.body);
}

const places = (source: SourceDefinition): readonly Place[] =>
  'always' in source.topic || 'shapes' in source.topic ? [] : Array.isArray(source.topic) ? (source.topic as readonly Place[]) : [source.topic as Place];

const shapeOf = ({ shapes, otherwise }: Shapes, payload: unknown): string =>
  Object.entries(shapes).find(([, path]) => valueAt(payload, path) !== undefined)?.[0] ?? otherwise;

function topicOf(source: SourceDefinition, delivery: Delivery, whole: () => Item, item: () => Item): string {
  if (delivery.via === undefined && 'always' in source.topic) return source.topic.always;
  if (delivery.via === undefined && 'shapes' in source.topic) return shapeOf(source.topic, item().payload);
  const words = places(source).map((place) => (delivery.via === undefined ? wordAt(place, delivery, whole, item) : undefined));
  const topic = delivery.via === undefined ? words.filter((word) => word !== undefined).join(':') : delivery.topic ?? '';
  if (topic === '') throw new Unreadable('topic', '$', 'names no topic');
  return topic;
}

/** What one item says, and by what its events are known besides their place in it; undefined: by the delivery. */
interface Said {
  readonly topic: string;
  readonly items: Items | 'ping' | 'ignore';
  readonly id: string | undefined;
}

/** What one item says; of an asked one the API's own reader reads it, whatever its topic is routed to. @throws Unreadable */
function saidIn(item: () => Item, delivery: Delivery, whole: () => Item, { source, account }: Reading): Said {
  const { receivedAt } = delivery;
  const topic = topicOf(source, delivery, whole, item);
  if (delivery.via !== undefined) {
    if (!source.api) throw new Error(`${source.name} has no API that could be asked`);
    return { topic, id: undefined, items: source.api.toEvents(item().payload, { account, topic, receivedAt }) };
  }
  const words = source.item?.map((place) => wordAt(place, delivery, whole, item) ?? '');
  const id = words === undefined || words.every((word) => word === '') ? undefined : JSON.stringify(words);
  const route = routeOf(source, account.role, topic);
  const items = route === 'ping' || route === 'ignore' ? route : source.toEvents(item().payload, { account, topic, route, headers: delivery.headers, receivedAt });
  return { topic, id, items };
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
