import { orderKey, type DataOf, type OrderStatus } from '@orderflow/shared/events';
import { exact, exactText, present, sum, type Fields } from '../convert/index.ts';
import type { Draft } from '../sources/definition.ts';
import { scopeOf, type Make } from './make.ts';
import { readOrder, sequenceFrom, type OrderMap, type ReadOrder } from './order.ts';
import { needed, type Read, type Scope } from './read.ts';

/** What rounding took off an order's lines, named and never lost. */
function remainderOf({ order, sequence, dropped }: ReadOrder): Draft[] {
  const remainder = dropped.map((text) => exact(text)).reduce(sum, { units: 0n, scale: 0 });
  if (remainder.units === 0n) return [];
  const adjustment = {
    id: `rounding-${order.id}`, kind: 'other' as const, orderKey: order.key, amount: 0, currency: order.currency,
    reason: `rounding remainder ${exactText(remainder)} ${order.currency} of ${dropped.length} lines`, at: order.placedAt,
  };
  return [{ type: 'adjustment.recorded', time: order.placedAt, sequence, data: { adjustment } }];
}

/** A whole order as a new one. Whether it is new, the store knows. */
export const orderCreated = (map: OrderMap): Make => (fields, context, outside) => {
  const read = readOrder(map, fields, scopeOf(context, outside));
  const { order, sequence } = read;
  return [{ type: 'order.created', time: order.placedAt, sequence, data: { order } }, ...remainderOf(read)];
};

/** What an update may say besides the whole order. */
export interface UpdateMap {
  /** When it happened. */
  readonly at: Read<string>;
  readonly cancelReason?: Read<string>;
  readonly tracking?: { readonly carrier?: Read<string>; readonly number?: Read<string>; readonly url?: Read<string> };
}

type Update = DataOf<'order.updated'>['update'];

function trackingOf(map: UpdateMap['tracking'], fields: Fields, scope: Scope): Update['tracking'] {
  const tracking = map && present({ carrier: map.carrier?.(fields, scope), number: map.number?.(fields, scope), url: map.url?.(fields, scope) });
  return tracking && Object.keys(tracking).length > 0 ? tracking : undefined;
}

/** A whole order that has changed. A status NEW is no news of an order that is known. */
export const orderUpdated = (map: OrderMap, update: UpdateMap): Make => (fields, context, outside) => {
  const read = readOrder(map, fields, scopeOf(context, outside));
  const { order, sequence, scope } = read;
  const time = needed(update.at, fields, scope);
  const said: Update = present({
    orderKey: order.key,
    occurredAt: time,
    status: order.status === 'NEW' ? undefined : order.status,
    payment: order.payment,
    fulfilment: order.fulfilment,
    tracking: trackingOf(update.tracking, fields, scope),
    cancelReason: update.cancelReason?.(fields, scope),
    order,
  });
  return [{ type: 'order.updated', time, sequence, data: { update: said } }, ...remainderOf(read)];
};

/** A change of an order that the payload names by its id, without the order itself. */
export interface ChangeMap extends UpdateMap {
  readonly orderId: Read<string>;
  readonly version?: Read<string | number>;
  /** Where `payment` is read from amounts. */
  readonly currency?: Read<string>;
  readonly status?: Read<OrderStatus>;
  readonly payment?: OrderMap['payment'];
  readonly fulfilment?: OrderMap['fulfilment'];
}

export const orderChanged = (map: ChangeMap): Make => (fields, context, outside) => {
  const outer = scopeOf(context, outside);
  const scope = map.currency === undefined ? outer : { ...outer, currency: needed(map.currency, fields, outer) };
  const { source, account } = context.account;
  const time = needed(map.at, fields, scope);
  const { payment, fulfilment } = map;
  const update: Update = present({
    orderKey: orderKey(source, account, needed(map.orderId, fields, scope)),
    occurredAt: time,
    status: map.status?.(fields, scope),
    payment: payment && present({
      status: payment.status(fields, scope) ?? 'UNKNOWN',
      method: payment.method?.(fields, scope),
      provider: payment.provider?.(fields, scope),
      reference: payment.reference?.(fields, scope),
    }),
    fulfilment: fulfilment && present({
      status: fulfilment.status(fields, scope) ?? 'UNKNOWN',
      promisedAt: fulfilment.promisedAt?.(fields, scope),
      deliveredAt: fulfilment.deliveredAt?.(fields, scope),
    }),
    tracking: trackingOf(map.tracking, fields, scope),
    cancelReason: map.cancelReason?.(fields, scope),
  });
  return [{ type: 'order.updated', time, sequence: sequenceFrom(map.version?.(fields, scope) ?? time), data: { update } }];
};
