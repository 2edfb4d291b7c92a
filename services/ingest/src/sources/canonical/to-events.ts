import { dataByType, orderKey, sequenceOf, sequenceOfTime, type EventType } from '@orderflow/shared/events';
import type { Account } from '@orderflow/shared/accounts';
import { fieldsOf, timeOfText, Unreadable, type Fields } from '../../convert/index.ts';
import type { Draft, Items, ReadingContext, Rejection } from '../definition.ts';

/** Where each type keeps the time that stands for `timestamp` when the sender leaves it out. */
const ownTime: Readonly<Partial<Record<EventType, readonly [entity: string, field: string]>>> = {
  'order.created': ['order', 'placedAt'],
  'order.updated': ['update', 'occurredAt'],
  'payment.changed': ['payment', 'occurredAt'],
  'return.requested': ['return', 'requestedAt'],
  'feedback.received': ['feedback', 'givenAt'],
  'inventory.counted': ['inventory', 'countedAt'],
  'adjustment.recorded': ['adjustment', 'at'],
};

/** Types that a sender may send; the others are intake's own. */
const sent = (type: string): type is EventType =>
  Object.hasOwn(dataByType, type) && type !== 'source.notified' && type !== 'intake.rejected';

const object = (value: unknown): Record<string, unknown> => ({ ...(value as Record<string, unknown>) });

/**
 * The order's key comes from the authenticated account, never from the sender: `key`, `source` and `account` may be left
 * out, and `orderId` may stand for `orderKey`. What is given must agree; intake checks that.
 */
function completeKeys(data: Fields, whole: unknown, { source, account }: Account): unknown {
  const members = object(whole);
  for (const entity of ['order', 'update', 'payment', 'return', 'feedback', 'product', 'inventory', 'adjustment']) {
    const child = data.child(entity);
    if (!child) continue;
    const value = object(data.raw(entity));
    if (entity === 'order') {
      value['source'] ??= source;
      value['account'] ??= account;
      value['key'] ??= orderKey(source, account, child.id('id'));
    } else if (value['orderId'] !== undefined && value['orderKey'] === undefined) {
      value['orderKey'] = orderKey(source, account, child.id('orderId'));
      delete value['orderId'];
    }
    members[entity] = value;
  }
  return members;
}

function draft(item: Fields, data: Fields, context: ReadingContext): Draft {
  const type = item.id('type');
  if (!sent(type)) throw new Unreadable('type', item.path('type'), 'is no canonical event type that can be sent');
  const now = { now: context.receivedAt };
  const [entity = '', field = ''] = ownTime[type] ?? [];
  const about = data.child(entity);
  const own = about?.text(field);
  // looked at even where another time stands: a time that cannot be must not get into an order either
  const happened = own === undefined ? undefined : timeOfText(own, about?.path(field) ?? '$', now);
  const stated = item.text('timestamp') ?? item.text('time');
  const time = stated === undefined ? happened : timeOfText(stated, item.path('timestamp'), now);
  if (time === undefined) throw new Unreadable('missing', item.path('timestamp'), 'is missing');
  const version = item.text('sequence');
  if (version !== undefined && !/^\d{1,20}$/.test(version)) {
    throw new Unreadable('sequence', item.path('sequence'), 'must be a whole number of up to 20 digits');
  }
  const sequence = version === undefined ? sequenceOfTime(time) : sequenceOf(BigInt(version));
  // validated by intake against the schema of its type, as every draft is
  return { type, time, sequence, at: item.path(), data: completeKeys(data, item.raw('data'), context.account) } as Draft;
}

function read(value: unknown, path: string, context: ReadingContext): Draft | Rejection {
  try {
    const item = fieldsOf(value, () => path);
    const data = item.child('data');
    if (!data) throw new Unreadable('missing', item.path('data'), 'is missing');
    return draft(item, data, context);
  } catch (error) {
    if (error instanceof Unreadable) return { code: error.code, path: error.path, message: error.message };
    throw error;
  }
}

/** One event, or an array of them, in payload order; one that cannot be read does not stop the others. */
export function toEvents(payload: unknown, context: ReadingContext): Items {
  if (!Array.isArray(payload)) return [read(payload, '$', context)];
  return payload.map((item: unknown, at) => read(item, `$[${at}]`, context));
}
