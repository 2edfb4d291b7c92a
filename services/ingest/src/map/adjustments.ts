import { orderKey, type DataOf } from '@orderflow/shared/events';
import { present } from '../convert/index.ts';
import { scopeOf, type Make } from './make.ts';
import { sequenceFrom } from './order.ts';
import { needed, type Read } from './read.ts';

type Adjustment = DataOf<'adjustment.recorded'>['adjustment'];

/** Where a correction has what: neither sale nor return. */
export interface AdjustmentMap {
  readonly id: Read<string>;
  readonly kind: Adjustment['kind'];
  /** The source's id of the order; none: linked to none. */
  readonly orderId?: Read<string>;
  readonly currency: Read<string>;
  /** Minor units; what is taken from somebody's debt is negative. */
  readonly amount: Read<number>;
  readonly reason?: Read<string>;
  readonly at: Read<string>;
  /** When it was told, where that is not when it was. */
  readonly toldAt?: Read<string>;
  readonly version?: Read<string | number>;
}

/** A correction of what was sold. */
export const adjustmentRecorded = (map: AdjustmentMap): Make => (fields, context, outside) => {
  const outer = scopeOf(context, outside);
  const scope = { ...outer, currency: needed(map.currency, fields, outer) };
  const { source, account } = context.account;
  const at = needed(map.at, fields, scope);
  const time = map.toldAt === undefined ? at : needed(map.toldAt, fields, scope);
  const orderId = map.orderId?.(fields, scope);
  const adjustment: Adjustment = present({
    id: needed(map.id, fields, scope),
    kind: map.kind,
    orderKey: orderId === undefined ? undefined : orderKey(source, account, orderId),
    amount: needed(map.amount, fields, scope),
    currency: scope.currency,
    reason: map.reason?.(fields, scope),
    at,
  });
  return [{ type: 'adjustment.recorded', time, sequence: sequenceFrom(map.version?.(fields, scope) ?? time), data: { adjustment } }];
};
