import * as z from 'zod/mini';
import { fulfilmentStatuses, orderStatuses, paymentStatuses, type Order } from '@orderflow/shared/events';
import type { InFlightItem } from '@orderflow/shared/store';
import { groupsOfItem } from '@orderflow/shared/workflow';

/**
 * What the table of outcomes needs to know of an order: status words and yes or no. ConstructOrder hands it on, so that
 * CheckPayment need not read again what has just been read; steps that act on it read the order themselves.
 */
export const seen = z.object({
  version: z.int(),
  revision: z.int(),
  status: z.enum(orderStatuses),
  payment: z.enum(paymentStatuses),
  fulfilment: z.enum(fulfilmentStatuses),
  test: z.boolean(),
  historical: z.boolean(),
  /** True if there is an address to write to. */
  reachable: z.boolean(),
  source: z.string(),
  account: z.string(),
});
export type Seen = z.infer<typeof seen>;

export function seenOf(item: InFlightItem, order: Order): Seen | undefined {
  const groups = groupsOfItem(item);
  return groups && {
    version: item.version,
    revision: item.revision,
    status: groups.status.value,
    payment: groups.payment.value,
    fulfilment: groups.fulfilment.value,
    test: item.test ?? false,
    historical: item.historical ?? false,
    reachable: order.customer?.email !== undefined,
    source: order.source,
    account: order.account,
  };
}
