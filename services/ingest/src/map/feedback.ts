import { orderKey } from '@orderflow/shared/events';
import { present, type Fields } from '../convert/index.ts';
import { scopeOf, type Make } from './make.ts';
import { sequenceFrom } from './order.ts';
import { needed, type Read } from './read.ts';

/** Where a review or an answer to a survey has what. */
export interface FeedbackMap {
  readonly id: Read<string>;
  readonly kind: Read<'review' | 'survey' | 'surveySent' | 'comment'>;
  readonly orderId?: Read<string>;
  readonly productId?: Read<string>;
  readonly rating?: Read<number>;
  /** The best rating there is. */
  readonly scale?: Read<number>;
  readonly comment?: Read<string>;
  readonly at: Read<string>;
}

export const feedbackReceived = (map: FeedbackMap): Make => (fields, context, outside) => {
  const scope = scopeOf(context, outside);
  const { source, account } = context.account;
  const givenAt = needed(map.at, fields, scope);
  const orderId = map.orderId?.(fields, scope);
  const feedback = present({
    id: needed(map.id, fields, scope),
    kind: needed(map.kind, fields, scope),
    orderKey: orderId === undefined ? undefined : orderKey(source, account, orderId),
    productId: map.productId?.(fields, scope),
    rating: map.rating?.(fields, scope),
    scale: map.scale?.(fields, scope),
    comment: map.comment?.(fields, scope),
    givenAt,
  });
  return [{ type: 'feedback.received', time: givenAt, sequence: sequenceFrom(givenAt), data: { feedback } }];
};

/** A thin notice: what it is about, and the ids that are to be fetched. */
export const notified = (ids: (fields: Fields) => readonly string[], at?: Read<string>): Make => (fields, context, outside) => {
  const occurredAt = at?.(fields, scopeOf(context, outside)) ?? undefined;
  const time = occurredAt ?? new Date(context.receivedAt).toISOString();
  const notice = present({ topic: context.topic, ids: [...ids(fields)], occurredAt });
  return [{ type: 'source.notified', time, sequence: sequenceFrom(time), data: { notice } }];
};
