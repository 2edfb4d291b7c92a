import type { Order } from '@orderflow/shared/events';
import type { Tools } from '@orderflow/shared/lambda';
import { packagingLines, type PackagingNotice, type ShippingNotice, type StaffNotifier } from '@orderflow/shared/notices';
import type { InFlightStore } from '@orderflow/shared/store';
import { ownItem, withSent, executionName, orderOf, sendGuarded } from '@orderflow/shared/workflow';
import { step, stop, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly staff: StaffNotifier;
}

const about = (order: Order, at: string) => ({ at, orderKey: order.key, orderNumber: order.number ?? order.id });

/** Goods only: nobody packs postage and discounts. */
function packagingOf(order: Order, at: string): PackagingNotice {
  const goods = order.lines.filter((line) => (line.class ?? 'product') === 'product' && line.quantity > 0);
  return {
    schema: 'orderflow.packaging.v1', ...about(order, at), id: `${order.key}#PACKAGING`,
    lines: goods.slice(0, packagingLines).map(({ id, productId, sku, name, quantity }) => ({
      lineId: id, quantity, ...(productId ? { productId } : {}), ...(sku ? { sku } : {}), ...(name ? { name } : {}),
    })),
    linesOmitted: Math.max(0, goods.length - packagingLines),
  };
}

const shippingOf = (order: Order, at: string): ShippingNotice => ({
  schema: 'orderflow.shipping.v1', ...about(order, at), id: `${order.key}#SHIPPING`, fulfilment: order.fulfilment.status,
});

/** NotifyPackaging: the packers, or, for an order that came in packed, the shippers. */
export async function handle(input: unknown, { store, staff, log, meter, clock }: Deps): Promise<Step> {
  const one = step.parse(input);
  if (one.notice === undefined || one.notice === 'NONE') return one;
  const { notice } = one;
  const item = await ownItem(store, one);
  const order = item && orderOf(item);
  if (!item || !order) return stop(one);
  // cancelled since it was confirmed: nobody shall pack it
  if (order.status === 'CANCELLED') return one;
  const at = new Date(clock()).toISOString();
  const message = notice === 'packaging' ? packagingOf(order, at) : shippingOf(order, at);
  const record = await sendGuarded({
    store, log, meter, pk: one.pk, transition: notice.toUpperCase(), by: executionName(one), send: () => staff.notify(notice, message),
  });
  return withSent(one, record);
}
