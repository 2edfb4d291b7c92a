import * as z from 'zod/mini';
import { isGoods, readMoney, type BoughtLine } from '@orderflow/shared/domain';
import { order as orderSchema, type Order } from '@orderflow/shared/events';
import type { InFlightItem, Partition } from '@orderflow/shared/store';
import type { OrderSeen } from './progress.ts';
import type { Returned } from './returned.ts';

/** An order as either home tells it: its item while it is in flight, the warehouse once it is loaded. */
export interface ToldOrder {
  readonly number: string;
  readonly contact: OrderSeen['contact'];
  readonly currency: string;
  readonly placedAt: string;
  readonly deliveredAt?: string;
  readonly promisedAt?: string;
  readonly total: number;
  readonly shipping?: number;
  readonly tax?: number;
  readonly discount?: number;
  /** ISO 3166. */
  readonly country?: string;
  readonly customerId?: string;
  /** True unless this home knows that nothing was paid, or that all of it was given back. */
  readonly paid: boolean;
  readonly lines: readonly Omit<BoughtLine, 'returned'>[];
}

/** Where nobody knows, a person looks: what has no account in the table is never paid out by itself. */
export const mayBePaid = (status: string | undefined): boolean => status === undefined || ['PAID', 'PARTIALLY_REFUNDED', 'UNKNOWN'].includes(status);

const place = (address: NonNullable<Order['customer']>['address']): string | undefined => [address?.line, address?.city].filter(Boolean).join(' ') || undefined;

/** The order that still lies in the table with its data. */
export function toldByItem(item: InFlightItem): ToldOrder | undefined {
  const read = z.safeParse(z.object({ order: orderSchema }), item.data);
  if (!read.success) return undefined;
  const { order } = read.data;
  const damaged = new Set((order.fulfilment.lines ?? []).filter((line) => line.damaged === true).map((line) => line.lineId));
  const email = order.customer?.email;
  const where = place(order.customer?.address);
  return {
    number: order.number ?? order.id,
    contact: { ...(order.customer?.name ? { name: order.customer.name } : {}), ...(email ? { email } : {}), ...(where ? { place: where } : {}) },
    currency: order.currency,
    placedAt: order.placedAt,
    ...(order.fulfilment.deliveredAt ? { deliveredAt: order.fulfilment.deliveredAt } : {}),
    ...(order.fulfilment.promisedAt ? { promisedAt: order.fulfilment.promisedAt } : {}),
    total: order.total,
    ...(order.shipping === undefined ? {} : { shipping: order.shipping }),
    tax: order.tax ?? order.lines.reduce((sum, line) => sum + (line.tax ?? 0), 0),
    ...(order.discount === undefined ? {} : { discount: order.discount }),
    ...(order.customer?.address?.country ? { country: order.customer.address.country } : {}),
    ...(order.customer?.id ? { customerId: order.customer.id } : {}),
    paid: mayBePaid(order.payment.status),
    lines: order.lines.map((line) => ({
      id: line.id,
      ...(line.productId ? { productId: line.productId } : {}),
      ...(line.sku ? { sku: line.sku } : {}),
      ...(line.category ? { category: line.category } : {}),
      ...(line.seller ? { seller: line.seller } : {}),
      ...(line.class ? { class: line.class } : {}),
      quantity: line.quantity,
      total: line.total,
      ...(line.discount === undefined ? {} : { discount: line.discount }),
      ...(line.tax === undefined ? {} : { tax: line.tax }),
      ...(damaged.has(line.id) ? { damaged: true } : {}),
    })),
  };
}

/**
 * Lines that the return names stay as they are; of the others each run between them only counts as one sum, so that a
 * large order stays small and what is before a line is worth the same whatever a return names.
 */
function relevant(lines: readonly BoughtLine[], wanted: Returned['lines']): BoughtLine[] {
  const named = (line: BoughtLine): boolean =>
    wanted.some((one) => one.lineId === line.id || (one.productId !== undefined && one.productId === line.productId) || (one.sku !== undefined && one.sku === line.sku));
  const kept: BoughtLine[] = [];
  let rest = { total: 0, tax: 0 };
  const sumUp = (): void => {
    if (rest.total > 0) kept.push({ id: '(other lines)', quantity: 0, ...rest, returned: 0 });
    rest = { total: 0, tax: 0 };
  };
  // the same order of lines, whoever tells them
  for (const line of [...lines].sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)))) {
    if (named(line)) {
      sumUp();
      kept.push(line);
    } else if (isGoods(line)) rest = { total: rest.total + line.total, tax: rest.tax + (line.tax ?? 0) };
  }
  sumUp();
  return kept;
}

/**
 * What the decision needs to know of the order. What was paid, refunded and has come back is taken from the order's
 * account in the table, which outlives its data in the tombstone; the rest from whoever tells it.
 */
export function orderSeen(partition: Pick<Partition, 'order' | 'others'>, told: ToldOrder | undefined, returned: Returned, ownSk: string, returnsOfCustomer?: number): OrderSeen | undefined {
  const { order, others } = partition;
  const account = order?.refunds;
  if (told === undefined && account === undefined) return undefined;
  const fulfilment = order?.groups?.fulfilment;
  const customerId = told?.customerId ?? returned.customerId;
  const deliveredAt = told?.deliveredAt ?? (fulfilment?.value === 'DELIVERED' ? fulfilment.at : undefined);
  const lines = (told?.lines ?? []).map((line): BoughtLine => ({ ...line, returned: account?.returned[line.id] ?? 0 }));
  return {
    number: told?.number ?? returned.orderKey ?? returned.id,
    contact: told?.contact ?? {},
    facts: {
      ...(returned.orderKey === undefined ? {} : { key: returned.orderKey }),
      ...(told?.country ? { country: told.country } : {}),
      currency: account?.currency ?? told?.currency ?? '',
      paid: account?.paid ?? (told?.paid === true ? told.total : 0),
      refunded: account?.refunded ?? 0,
      // without its data nothing is known of when it was placed: the oldest time lets no window begin too late
      placedAt: told?.placedAt ?? '1970-01-01T00:00:00Z',
      ...(deliveredAt ? { deliveredAt } : {}),
      ...(told?.promisedAt ? { promisedAt: told.promisedAt } : {}),
      total: told?.total ?? account?.paid ?? 0,
      ...(told === undefined ? {} : readMoney(told)),
      ...(customerId === undefined ? {} : { customerId }),
      earlierReturns: others.filter((item) => item.sk.startsWith('RETURN#') && item.sk !== ownSk).length,
      ...(returnsOfCustomer === undefined ? {} : { returnsOfCustomer }),
      lines: relevant(lines, returned.lines),
    },
  };
}
