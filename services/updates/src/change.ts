import * as z from 'zod/mini';
import { changeOfPayment, changeOfUpdate, type OrderChange } from '@orderflow/shared/domain';
import { orderUpdated, paymentChanged, type DataOf } from '@orderflow/shared/events';
import type { InFlightItem } from '@orderflow/shared/store';

export type UpdateData = DataOf<'order.updated'>['update'];

/** What an update's item holds, as the domain sees it. */
export interface Change {
  readonly change: OrderChange;
  /** The order it is about, where the event names it. */
  readonly orderKey: string | undefined;
  /** Set for updates of orders; absent for a payment provider's word. */
  readonly update?: UpdateData;
}

/** Reads the data of an update's item. @throws ZodError when it is neither an update nor a payment */
export function changeOf(item: InFlightItem): Change {
  const { sequence } = item.event;
  if (item.event.type === 'payment.changed') {
    const { payment } = paymentChanged.parse(item.data);
    return { change: changeOfPayment(payment, sequence), orderKey: payment.orderKey };
  }
  const { update } = orderUpdated.parse(item.data);
  return { change: changeOfUpdate(update, sequence), orderKey: update.orderKey, update };
}

/** What ApplyUpdate has brought about; kept with the update, because it can be found out only once. */
export const applied = z.object({
  mails: z.array(z.enum(['order-cancelled', 'shipped', 'out-for-delivery', 'delivered'])),
  shipping: z.boolean(),
  wakes: z.boolean(),
  test: z.boolean(),
  historical: z.boolean(),
});
export type Applied = z.infer<typeof applied>;

export const appliedOf = (item: InFlightItem): Applied | undefined => {
  const read = z.safeParse(applied, item.progress?.['applied']);
  return read.success ? read.data : undefined;
};
