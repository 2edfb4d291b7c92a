import * as z from 'zod/mini';
import { fulfilment, lineClasses, order, orderStatuses, payment, paymentStatuses, store } from './order.ts';
import { currency, day, decimal, identifier, key, minor, strictObject, text, timestamp } from './values.ts';

export const orderCreated = strictObject({ order });

/** Where a parcel is. */
export const tracking = strictObject({ carrier: z.optional(text(128)), number: z.optional(text(128)), url: z.optional(text(1024)) });

export const orderUpdated = strictObject({
  update: strictObject({
    orderKey: key,
    occurredAt: timestamp,
    status: z.optional(z.enum(orderStatuses)),
    payment: z.optional(payment),
    fulfilment: z.optional(fulfilment),
    tracking: z.optional(tracking),
    cancelReason: z.optional(text(1024)),
    /** The whole order again, when the source sends it. */
    order: z.optional(order),
    /** Told so late that nobody is written to about it. */
    historical: z.optional(z.boolean()),
  }),
});

export const paymentChanged = strictObject({
  payment: strictObject({
    provider: identifier,
    reference: identifier,
    orderKey: z.optional(key),
    status: z.enum(paymentStatuses),
    amount: z.optional(minor),
    currency: z.optional(currency),
    fee: z.optional(minor),
    settlesAt: z.optional(timestamp),
    occurredAt: timestamp,
  }),
});

export const decisionOutcomes = ['PENDING', 'APPROVED', 'REJECTED', 'PARTIAL', 'NEEDS_REVIEW'] as const;
export const decidedBy = ['source', 'policy', 'model', 'person'] as const;

export const returnRequested = strictObject({
  return: strictObject({
    id: identifier,
    /** Absent: not linked to an order, never parked. Present but unknown: parked. */
    orderKey: z.optional(key),
    requestedAt: timestamp,
    /** A refund that the source has already made: recorded, never decided again. */
    decided: z.optional(
      strictObject({
        outcome: z.enum(decisionOutcomes),
        amount: z.optional(minor),
        at: timestamp,
        by: z.enum(decidedBy),
      }),
    ),
    reason: z.optional(text(512)),
    comment: z.optional(text(10_000)),
    currency: z.optional(currency),
    amount: z.optional(minor),
    store: z.optional(store),
    customerId: z.optional(identifier),
    historical: z.optional(z.boolean()),
    test: z.optional(z.boolean()),
    lines: z.array(
      strictObject({
        /** Ordinal or the source's own id of the returned line; unique within the return. */
        id: z.optional(identifier),
        lineId: z.optional(identifier),
        productId: z.optional(identifier),
        sku: z.optional(identifier),
        name: z.optional(text(512)),
        quantity: z.int(),
        amount: z.optional(minor),
        class: z.optional(z.enum(lineClasses)),
      }),
    ),
  }),
});

export const feedbackReceived = strictObject({
  feedback: strictObject({
    id: identifier,
    kind: z.enum(['review', 'survey', 'surveySent', 'comment']),
    orderKey: z.optional(key),
    productId: z.optional(identifier),
    rating: z.optional(z.number()),
    scale: z.optional(z.number()),
    comment: z.optional(text(10_000)),
    givenAt: timestamp,
  }),
});

export const catalogUpdated = strictObject({
  product: strictObject({
    id: identifier,
    sku: z.optional(identifier),
    name: text(512),
    category: z.optional(text(256)),
    categoryId: z.optional(identifier),
    price: z.optional(decimal),
    currency: z.optional(currency),
    unitCost: z.optional(decimal),
    seller: z.optional(text(256)),
    returnByDays: z.optional(z.int()),
    manufacturedOn: z.optional(day),
    expiresOn: z.optional(day),
  }),
});

export const inventoryCounted = strictObject({
  inventory: strictObject({
    productId: identifier,
    location: z.optional(identifier),
    quantity: z.int(),
    unitCost: z.optional(decimal),
    currency: z.optional(currency),
    countedAt: timestamp,
  }),
});

/** What is neither a sale nor a return: write-offs, ledger corrections, fees. */
export const adjustmentRecorded = strictObject({
  adjustment: strictObject({
    id: identifier,
    kind: z.enum(['stock', 'ledger', 'fee', 'discount', 'postage', 'other']),
    orderKey: z.optional(key),
    productId: z.optional(identifier),
    quantity: z.optional(z.int()),
    amount: z.optional(minor),
    currency: z.optional(currency),
    reason: z.optional(text(512)),
    at: timestamp,
    historical: z.optional(z.boolean()),
  }),
});

export const sourceNotified = strictObject({
  notice: strictObject({
    topic: text(256),
    /** The things it is about; as many as a message of a queue holds (SQS takes 256 KB). */
    ids: z.array(identifier).check(z.minLength(1), z.maxLength(100)),
    occurredAt: z.optional(timestamp),
  }),
});

export const intakeRejected = strictObject({
  rejection: strictObject({
    code: identifier,
    /** JSON path of the field at fault. */
    path: z.optional(text(512)),
    message: text(2048),
    /** Where the raw bytes lie: `s3://bucket/key`. */
    rawRef: text(1024),
  }),
});
