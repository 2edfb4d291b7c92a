import { fieldsOf, type Fields } from '../../convert/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';
import { catalogue } from './catalogue.ts';
import { sale, tracked } from './order.ts';
import { returned } from './returned.ts';

const sells = (order: Fields): boolean => order.text('state') !== 'DRAFT' && (order.list('line_items').length > 0 || order.list('returns').length === 0);

/**
 * What `GET /v2/orders/{id}` or `GET /v2/catalog/list` answers → canonical events; an empty catalogue is an empty object.
 * A return is an order of its own without any lines, an exchange has both
 * (https://developer.squareup.com/docs/orders-api/order-returns-exchanges). A draft is no order yet.
 */
export function asked(payload: unknown, context: AskedContext): Items {
  const answer = fieldsOf(payload);
  const reading = { ...context, route: 'order.created' as const };
  const order = answer.child('order');
  if (!order) return catalogue(answer, reading);
  return [...(sells(order) ? [...sale(order, reading), ...tracked(order, reading)] : []), ...returned(order, reading)];
}
