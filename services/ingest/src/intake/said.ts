import type { Account } from '@orderflow/shared/accounts';
import { bytesHash } from '@orderflow/shared/events';
import { Unreadable } from '../convert/index.ts';
import { routeOf, type Items, type Place, type Shapes, type SourceDefinition } from '../sources/definition.ts';
import { valueAt, wordIn } from '../sources/place.ts';
import { bodyOf, type Item } from '../sources/unwrap.ts';
import type { Delivery } from './delivery.ts';

/** Whose delivery it is. */
export interface Reading {
  readonly source: SourceDefinition;
  readonly account: Account;
  /** All accounts of the stage: payments may name orders of linked shops. */
  readonly accounts: readonly Account[];
}

/** The body, parsed when somebody asks for it and not more than once. */
export function lazily(source: SourceDefinition, delivery: Delivery): () => Item {
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

/** The vendor's id of a delivery, as far as it is told; else the hash of its bytes. */
export function deliveryId(source: SourceDefinition, delivery: Delivery, whole: () => Item): string {
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
export interface Said {
  readonly topic: string;
  readonly items: Items | 'ping' | 'ignore';
  readonly id: string | undefined;
}

/** What one item says; of an asked one the API's own reader reads it, whatever its topic is routed to. @throws Unreadable */
export function saidIn(item: () => Item, delivery: Delivery, whole: () => Item, { source, account }: Reading): Said {
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
