import type { Order } from '@orderflow/shared/events';
import type { MailData } from '@orderflow/shared/notices';
import { aboutOrder } from '@orderflow/shared/workflow';

const optional = <K extends string>(name: K, value: number | undefined): { [P in K]?: number } =>
  (value === undefined ? {} : { [name]: value }) as { [P in K]?: number };

export const confirmationOf = (order: Order): MailData<'order-confirmed'> => ({
  ...aboutOrder(order),
  placedAt: order.placedAt,
  currency: order.currency,
  total: order.total,
  lines: order.lines.map(({ name, sku, productId, id, quantity, total }) => ({ name: name ?? sku ?? productId ?? id, quantity, total })),
  ...optional('discount', order.discount),
  ...optional('shipping', order.shipping),
  ...optional('tax', order.tax),
});

export const paymentFailedOf = (order: Order): MailData<'payment-failed'> => ({ ...aboutOrder(order), currency: order.currency, total: order.total });
