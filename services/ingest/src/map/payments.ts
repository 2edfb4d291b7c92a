import { orderKey, type PaymentStatus } from '@orderflow/shared/events';
import { present } from '../convert/index.ts';
import { scopeOf, type Make } from './make.ts';
import { sequenceFrom } from './order.ts';
import { needed, type Read } from './read.ts';

/** Where a payment provider says what. */
export interface PaymentMap {
  /** The provider's id of the payment, as shops name it. */
  readonly reference: Read<string>;
  readonly status: Read<PaymentStatus>;
  readonly at: Read<string>;
  readonly version?: Read<string | number>;
  readonly currency: Read<string>;
  readonly amount?: Read<number>;
  readonly fee?: Read<number>;
  readonly settlesAt?: Read<string>;
  /** The shop's own id of the order, where the provider carries it; it belongs to an account that `paysFor` names. */
  readonly orderId?: Read<string>;
}

/** The state of a payment. With an order id it is linked when the account pays for exactly one shop. */
export const paymentChanged = (map: PaymentMap): Make => (fields, context, outside) => {
  const outer = scopeOf(context, outside);
  const scope = { ...outer, currency: needed(map.currency, fields, outer) };
  const { source, paysFor } = context.account;
  const occurredAt = needed(map.at, fields, scope);
  const orderId = map.orderId?.(fields, scope);
  const [shop, ...others] = paysFor;
  const payment = present({
    provider: source,
    reference: needed(map.reference, fields, scope),
    orderKey: orderId === undefined || shop === undefined || others.length > 0 ? undefined : orderKey(shop.source, shop.account, orderId),
    status: map.status(fields, scope) ?? ('UNKNOWN' as const),
    amount: map.amount?.(fields, scope),
    currency: scope.currency,
    fee: map.fee?.(fields, scope),
    settlesAt: map.settlesAt?.(fields, scope),
    occurredAt,
  });
  return [{ type: 'payment.changed', time: occurredAt, sequence: sequenceFrom(map.version?.(fields, scope) ?? occurredAt), data: { payment } }];
};
