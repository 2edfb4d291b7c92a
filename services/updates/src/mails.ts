import type { Order } from '@orderflow/shared/events';
import { renderMail, type Mail } from '@orderflow/shared/notices';
import { aboutOrder } from '@orderflow/shared/workflow';
import type { Applied, UpdateData } from './change.ts';
import type { Contact } from './contacts.ts';

export type UpdateMail = Applied['mails'][number];

/** Guard of each mail: one a transition of an order. */
export const transitions: Readonly<Record<UpdateMail, string>> = {
  'order-cancelled': 'CANCELLED', shipped: 'SHIPPED', 'out-for-delivery': 'OUT_FOR_DELIVERY', delivered: 'DELIVERED',
};

/** Whom the mail goes to and what it may say, from the order itself or from the warehouse. */
export interface Addressee {
  readonly to: string;
  readonly about: { readonly shop: string; readonly orderNumber: string; readonly customerName?: string };
  readonly currency: string;
  readonly total: number;
}

export function addresseeOfOrder(order: Order | undefined): Addressee | undefined {
  const to = order?.customer?.email;
  return order && to ? { to, about: aboutOrder(order), currency: order.currency, total: order.total } : undefined;
}

const digitsOf = (currency: string): number => {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
};

/** Decimal text of the warehouse (four places) → minor units, exact. */
export function minorOf(decimal: string, digits: number): number {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  return Number(`${sign}${whole}${fraction.padEnd(digits, '0').slice(0, digits)}`);
}

export const addresseeOfContact = ({ email, name, orderNumber, currency, total, store }: Contact, shop: string): Addressee => ({
  to: email,
  about: { shop: store ?? shop, orderNumber, ...(name ? { customerName: name } : {}) },
  currency,
  total: minorOf(total, digitsOf(currency)),
});

/** One mail, in words of the customer. */
export function mailOf(kind: UpdateMail, { about, currency, total }: Addressee, update: UpdateData | undefined): Mail {
  const tracking = update?.tracking ? { tracking: update.tracking } : {};
  const { promisedAt, deliveredAt } = update?.fulfilment ?? {};
  switch (kind) {
    case 'order-cancelled':
      return renderMail(kind, { ...about, currency, total, ...(update?.cancelReason === undefined ? {} : { reason: update.cancelReason }) });
    case 'shipped':
      return renderMail(kind, { ...about, ...tracking, ...(promisedAt ? { promisedAt } : {}) });
    case 'out-for-delivery':
      return renderMail(kind, { ...about, ...tracking });
    case 'delivered':
      return renderMail(kind, { ...about, ...(deliveredAt ? { deliveredAt } : {}) });
  }
}
