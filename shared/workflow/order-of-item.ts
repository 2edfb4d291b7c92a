import { findAccount, type Account } from '@orderflow/shared/accounts';
import { groupsOf, type OrderGroups } from '@orderflow/shared/domain';
import { orderCreated, type Order } from '@orderflow/shared/events';
import type { InFlightItem } from '@orderflow/shared/store';

/** The order of an item as it stands: its data, with the statuses that updates and our own steps have brought. */
export function orderOf(item: InFlightItem): Order | undefined {
  if (item.data === undefined) return undefined;
  const { order } = orderCreated.parse(item.data);
  const { groups } = item;
  if (!groups) return order;
  return {
    ...order,
    status: groups.status.value,
    payment: { ...order.payment, status: groups.payment.value },
    fulfilment: { ...order.fulfilment, status: groups.fulfilment.value },
  };
}

/** Versions of an order's groups; before its construct step those of its snapshot. */
export function groupsOfItem(item: InFlightItem): OrderGroups | undefined {
  if (item.groups) return item.groups;
  const order = orderOf(item);
  return order && groupsOf(order, item.event.sequence, order.placedAt);
}

/** Nobody is told of tests and of the past. */
export const isLive = ({ test, historical }: Pick<InFlightItem, 'test' | 'historical'>): boolean => !test && !historical;

/** The account that an order belongs to; what is not configured is taken with the cautious defaults. */
export const accountOf = (accounts: readonly Account[], { source, account }: { source: string; account: string }): Pick<Account, 'customerNotices' | 'unknownPayment'> =>
  findAccount(accounts, source, account) ?? { customerNotices: 'source', unknownPayment: 'settled' };

/** Name of the shop as its customers know it: the store, the account, or the source where there is one account only. */
export const shopName = (order: Pick<Order, 'source' | 'account' | 'store'>): string => {
  const name = order.store?.name ?? (order.account === 'default' ? order.source : order.account);
  return name.charAt(0).toUpperCase() + name.slice(1);
};

/** What every mail about an order says of it. */
export const aboutOrder = (order: Order) => ({
  shop: shopName(order),
  orderNumber: order.number ?? order.id,
  ...(order.customer?.name ? { customerName: order.customer.name } : {}),
});
