import { parkEnds } from '@orderflow/shared/domain';
import { cleanText, redact } from '@orderflow/shared/model';
import { dueShards, type InFlightItem, type InFlightStore } from '@orderflow/shared/store';
import type { Clock } from '@orderflow/shared/lambda';
import { progressOf } from '../progress.ts';
import { returnedIn } from '../returned.ts';

/** A return that waits for a person, as a reviewer sees it. Amounts in minor units; the comment is redacted. */
export interface WaitingReview {
  readonly returnId: string;
  readonly pk: string;
  readonly askedAt?: string;
  /** How often it was asked: from the second time on, also those above. */
  readonly asked?: number;
  readonly rule: string;
  readonly amount?: number;
  readonly currency?: string;
  readonly opinion?: number;
  readonly reason?: string;
  readonly comment?: string;
}

const most = 200;

/** The oldest {@link most} that wait, by the due index: no scan. */
export async function listReviews({ store, clock }: { store: InFlightStore; clock: Clock }): Promise<WaitingReview[]> {
  const until = parkEnds('review', new Date(clock()).toISOString());
  const found: WaitingReview[] = [];
  for (let shard = 0; shard < dueShards && found.length < most; shard += 1) {
    let from: string | undefined;
    do {
      const page = await store.due({ service: 'returns', state: 'PARKED', shard, until, limit: 50, ...(from ? { from } : {}) });
      const items = await Promise.all(page.items.map((key) => store.get(key)));
      found.push(...items.flatMap((item) => (item?.parked?.reason === 'review' ? [shown(item)] : [])));
      from = page.next;
    } while (from && found.length < most);
  }
  return found.sort((a, b) => ((a.askedAt ?? '') < (b.askedAt ?? '') ? -1 : 1)).slice(0, most);
}

function shown(item: InFlightItem): WaitingReview {
  const returned = returnedIn(item);
  const { decision, order, review } = progressOf(item);
  const plain = (text: string): string => redact(cleanText(text).text, [order?.contact.name, order?.contact.place]);
  const amount = decision && decision.amount > 0 ? decision.amount : returned.amount === undefined ? undefined : Math.abs(returned.amount);
  const currency = returned.currency ?? order?.facts.currency;
  const opinion = decision?.probabilities?.['approve'];
  return {
    returnId: returned.id,
    pk: item.pk,
    ...(review ? { askedAt: review.askedAt, asked: review.asked } : {}),
    rule: decision?.rule ?? 'unknown',
    ...(amount === undefined ? {} : { amount }),
    ...(currency ? { currency } : {}),
    ...(opinion === undefined ? {} : { opinion }),
    ...(returned.reason ? { reason: plain(returned.reason) } : {}),
    ...(returned.comment ? { comment: plain(returned.comment) } : {}),
  };
}
