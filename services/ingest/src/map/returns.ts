import { orderKey, type DataOf } from '@orderflow/shared/events';
import { present, type Fields } from '../convert/index.ts';
import type { LineMap } from './line.ts';
import { scopeOf, type Make } from './make.ts';
import { sequenceFrom } from './order.ts';
import { needed, type Read, type Scope } from './read.ts';

/** Where a return or refund has what. */
export interface ReturnMap {
  readonly id: Read<string>;
  /** The source's id of the order; none: linked to none. */
  readonly orderId?: Read<string>;
  readonly requestedAt: Read<string>;
  readonly version?: Read<string | number>;
  /** The source has decided already (a refund that is made): what came of it. */
  readonly decided?: Read<'APPROVED' | 'REJECTED' | 'PARTIAL' | 'PENDING'>;
  readonly reason?: Read<string>;
  /** What the customer, or the clerk, wrote. */
  readonly comment?: Read<string>;
  /** None: no amounts are told. */
  readonly currency?: Read<string>;
  readonly amount?: Read<number>;
  readonly customerId?: Read<string>;
  readonly store?: Read<string>;
  readonly test?: Read<true>;
  readonly lines?: { readonly of: (fields: Fields) => readonly Fields[]; readonly map: LineMap & { readonly lineId?: Read<string>; readonly amount?: Read<number> }; readonly oneRowPerUnit?: true };
}

type Return = DataOf<'return.requested'>['return'];

function returnLines(map: NonNullable<ReturnMap['lines']>, fields: Fields, scope: Scope): Return['lines'] {
  return map.of(fields).map((one, place) => {
    const quantity = Number(map.map.quantity?.(one, scope) ?? '1');
    return present({
      id: map.map.id?.(one, scope) ?? String(place + 1),
      lineId: map.map.lineId?.(one, scope),
      productId: map.map.productId?.(one, scope),
      sku: map.map.sku?.(one, scope),
      name: map.map.name?.(one, scope),
      // what came back of something weighed is one piece
      quantity: Number.isInteger(quantity) ? Math.abs(quantity) : 1,
      amount: (map.map.amount ?? map.map.total)?.(one, scope),
      class: map.map.class?.(one, scope),
    });
  });
}

/** A return, or a refund that the source has made. */
export const returnRequested = (map: ReturnMap): Make => (fields, context, outside) => {
  const outer = scopeOf(context, outside);
  const scope = map.currency === undefined ? outer : { ...outer, currency: needed(map.currency, fields, outer) };
  const { source, account } = context.account;
  const requestedAt = needed(map.requestedAt, fields, scope);
  const orderId = map.orderId?.(fields, scope);
  const outcome = map.decided?.(fields, scope);
  const amount = map.amount?.(fields, scope);
  const store = map.store?.(fields, scope);
  const returned: Return = present({
    id: needed(map.id, fields, scope),
    orderKey: orderId === undefined ? undefined : orderKey(source, account, orderId),
    requestedAt,
    decided: outcome === undefined ? undefined : present({ outcome, amount, at: requestedAt, by: 'source' as const }),
    reason: map.reason?.(fields, scope),
    comment: map.comment?.(fields, scope),
    currency: map.currency === undefined ? undefined : scope.currency,
    amount,
    store: store === undefined ? undefined : { id: store },
    customerId: map.customerId?.(fields, scope),
    test: map.test?.(fields, scope),
    lines: map.lines === undefined ? [] : returnLines(map.lines, fields, scope),
  });
  return [{ type: 'return.requested', time: requestedAt, sequence: sequenceFrom(map.version?.(fields, scope) ?? requestedAt), data: { return: returned } }];
};
