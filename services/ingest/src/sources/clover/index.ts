import { fieldsOf } from '../../convert/index.ts';
import { forEach, milliseconds, notified } from '../../map/index.ts';
import type { Items, ReadingContext, SourceDefinition } from '../definition.ts';
import { toEvents as orderEvents } from './order.ts';
import { orderPath, polled } from './poll.ts';

const orderId = /^O:(\w{1,64})$/;
const notice = notified((entry) => [orderId.exec(entry.id('objectId'))?.[1] ?? ''], milliseconds('ts'));

/** Of all merchants of the app that one message speaks of, ours; of everything that changed there, its orders. */
const toEvents = (payload: unknown, context: ReadingContext): Items =>
  forEach(
    (message) => message.child('merchants')?.list(context.account.store ?? '') ?? [],
    (entry, inner) => (orderId.test(entry.id('objectId')) && entry.text('type') !== 'DELETE' ? notice(entry, inner) : []),
  )(fieldsOf(payload), context);

/**
 * Clover: webhooks that name what changed at all merchants of an app (https://docs.clover.com/dev/docs/webhooks), with the app's fixed
 * code in `X-Clover-Auth`; orders are fetched whole and polled, for Clover "does not guarantee when, or if, notifications will be
 * received". `store` of the account is the merchant's id, `host` its region's. An address belongs to one account: entries of other
 * merchants are passed over, and their accounts live by polling. The verification code that Clover sends first is to be typed into its
 * dashboard. A row of an order is one unit; an order is always told as order.created, and a known one is updated by it.
 */
export const source: SourceDefinition = {
  name: 'clover',
  title: 'Clover',
  kind: 'pos',
  verified: {
    unsure: [
      'unitQty in thousandths, paymentState beyond OPEN and PAID, amounts of discounts as negative numbers: third-party material',
      'percentage discounts of the whole order: their amount is not told, and so no discount of ours',
      'the filters and the page of a list of orders: from memory',
      'the verification code can be seen in the request alone; it is answered, and kept nowhere',
    ],
  },
  verify: { shared: { header: 'x-clover-auth' } },
  topic: { shapes: { changes: 'merchants' }, otherwise: 'ping' },
  delivery: [],
  challenge: { method: 'POST', from: { field: 'verificationCode' }, echo: 'nothing' },
  routes: { sells: { changes: 'source.notified', ping: 'ping' } },
  toEvents,
  api: {
    host: { within: ['clover.com'] },
    limit: { perSecond: 8 },
    authorise: (token) => ({ authorization: `Bearer ${token}` }),
    toEvents: orderEvents,
    notice: { path: orderPath, mostAtOnce: 4 },
    poll: polled,
  },
};
