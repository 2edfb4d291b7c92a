import { hash } from 'node:crypto';
import type { Clock } from '@orderflow/shared/lambda';
import type { Place, Shapes, SourceDefinition } from '../sources/definition.ts';
import type { Answer } from './refusals.ts';
import type { Delivery } from './delivery.ts';

/**
 * What the door remembers of deliveries that are durable, so that a vendor's repeat costs no second record. Only a
 * saving: it is small, forgets, and every instance has its own; that nothing is done twice is the claims' work.
 */
export interface RecentPort {
  /** The answer that the same delivery was given, if it is remembered. */
  answerTo(key: string): Answer | undefined;
  /** To be called when everything of the delivery is durable, not before. */
  remember(key: string, answer: Answer): void;
}

const headerAt = (place: Place | { readonly always: string } | Shapes, headers: Delivery['headers']): string =>
  'header' in place ? (headers[place.header] ?? '') : '';

/**
 * Equal for two deliveries that say the same: same account, same bytes, same words in the headers that hold topic and
 * delivery id. The same id with another body has another key: it goes on, and the claim decides. Undefined for a sender who
 * says the same words whenever something has changed (Mollie's `id=tr_…`): there a repeat may be news.
 */
export function deliveryKey(source: SourceDefinition, { account, headers, body }: Delivery): string | undefined {
  if (source.delivery.length === 0 && typeof source.verify === 'object' && 'unsigned' in source.verify) return undefined;
  const words = [source.topic, source.delivery].flat().map((place) => headerAt(place, headers));
  return JSON.stringify([source.name, account, ...words, hash('sha256', body, 'base64')]);
}

export interface RecentLimits {
  /** Deliveries remembered at most; 0 remembers none. */
  readonly deliveries: number;
  /** For how long, milliseconds at most; at least half of it. */
  readonly forMs: number;
}

/** Longer answers (of deliveries with very many events) are not kept. */
const longestAnswer = 4_000;
const longestKey = 1_000;

/** Most repeats of a webhook come within minutes: the sender had no answer in time, or sent it twice. */
export const usualRecent: RecentLimits = { deliveries: 20_000, forMs: 600_000 };

/** Two generations: when the younger is full or old, the elder goes. Looking up and forgetting cost nothing by the way. */
export function recentDeliveries(clock: Clock, { deliveries, forMs }: RecentLimits = usualRecent): RecentPort {
  let young = new Map<string, Answer>();
  let old = new Map<string, Answer>();
  let turnsAt = clock() + forMs / 2;

  const turn = (now: number): void => {
    const late = now >= turnsAt + forMs / 2;
    // nobody came for a whole generation: what is young is as old as the rest
    old = late ? new Map<string, Answer>() : young;
    young = new Map();
    turnsAt = (late || now < turnsAt ? now : turnsAt) + forMs / 2;
  };

  return {
    answerTo(key) {
      const now = clock();
      if (now >= turnsAt) turn(now);
      return young.get(key) ?? old.get(key);
    },
    remember(key, answer) {
      if (deliveries === 0 || answer.body.length > longestAnswer || key.length > longestKey) return;
      if (young.size >= deliveries / 2) turn(clock());
      young.set(key, answer);
    },
  };
}
