import * as z from 'zod/mini';
import { country, currency, day, decimal, identifier, key, minor, strictObject, text, timestamp } from './values.ts';

export const orderStatuses = ['NEW', 'CONFIRMED', 'PROCESSING', 'COMPLETED', 'CANCELLED', 'UNKNOWN'] as const;
export const paymentStatuses = ['PAID', 'PENDING', 'FAILED', 'REFUNDED', 'PARTIALLY_REFUNDED', 'VOIDED', 'UNKNOWN'] as const;
export const fulfilmentStatuses = [
  'UNFULFILLED', 'PARTIAL', 'PACKED', 'SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED', 'CANCELLED', 'UNKNOWN',
] as const;
export const lineClasses = ['product', 'postage', 'discount', 'fee', 'adjustment', 'giftCard'] as const;

export const payment = strictObject({
  status: z.enum(paymentStatuses),
  method: z.optional(identifier),
  /** Source name of the provider (`stripe`), when the shop names one. */
  provider: z.optional(identifier),
  /** The provider's own id of the payment; links payment.changed to the order. */
  reference: z.optional(identifier),
  /** What the provider keeps, in minor units. */
  fee: z.optional(minor),
  settlesAt: z.optional(timestamp),
});

export const fulfilment = strictObject({
  status: z.enum(fulfilmentStatuses),
  promisedAt: z.optional(timestamp),
  deliveredAt: z.optional(timestamp),
  lines: z.optional(
    z.array(strictObject({ lineId: identifier, quantity: z.int(), damaged: z.optional(z.boolean()) })),
  ),
});

export const customer = strictObject({
  id: z.optional(identifier),
  name: z.optional(text(256)),
  email: z.optional(text(320)),
  phone: z.optional(text(64)),
  dateOfBirth: z.optional(day),
  joinedAt: z.optional(timestamp),
  address: z.optional(
    strictObject({
      line: z.optional(text(512)),
      city: z.optional(text(128)),
      state: z.optional(text(128)),
      postalCode: z.optional(text(32)),
      country: z.optional(country),
    }),
  ),
});

/** WGS 84 degrees. 0,0 is what software writes for "unknown": refused. */
export const position = z
  .strictObject({
    latitude: z.number().check(z.gte(-90), z.lte(90)),
    longitude: z.number().check(z.gte(-180), z.lte(180)),
    from: z.enum(['order', 'address', 'store']),
  })
  .check(z.refine((at) => at.latitude !== 0 || at.longitude !== 0, 'is 0,0, which means unknown: leave it out'));

export const store = strictObject({ id: identifier, name: z.optional(text(256)) });

export const orderLine = strictObject({
  id: identifier,
  productId: z.optional(identifier),
  sku: z.optional(identifier),
  name: z.optional(text(512)),
  category: z.optional(text(256)),
  seller: z.optional(text(256)),
  quantity: z.int(),
  unitPrice: decimal,
  discount: z.optional(minor),
  tax: z.optional(minor),
  /** quantity × unitPrice − discount, rounded half-up to the minor unit; tax as the source counts it. */
  total: minor,
  unitCost: z.optional(decimal),
  class: z.optional(z.enum(lineClasses)),
});

export const order = strictObject({
  key,
  source: identifier,
  account: identifier,
  id: identifier,
  number: z.optional(identifier),
  placedAt: timestamp,
  status: z.enum(orderStatuses),
  test: z.optional(z.boolean()),
  historical: z.optional(z.boolean()),
  currency,
  total: minor,
  subtotal: z.optional(minor),
  discount: z.optional(minor),
  tax: z.optional(minor),
  shipping: z.optional(minor),
  payment,
  fulfilment,
  customer: z.optional(customer),
  position: z.optional(position),
  store: z.optional(store),
  lines: z.array(orderLine),
  comment: z.optional(text(10_000)),
});

export type Order = z.infer<typeof order>;
export type OrderLine = z.infer<typeof orderLine>;
export type OrderStatus = (typeof orderStatuses)[number];
export type PaymentStatus = (typeof paymentStatuses)[number];
export type FulfilmentStatus = (typeof fulfilmentStatuses)[number];
export type LineClass = (typeof lineClasses)[number];
export type Payment = z.infer<typeof payment>;
export type Fulfilment = z.infer<typeof fulfilment>;
export type Customer = z.infer<typeof customer>;
