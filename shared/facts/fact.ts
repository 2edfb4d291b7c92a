import * as z from 'zod/mini';
import {
  adjustmentRecorded, catalogUpdated, currency, decidedBy, decisionOutcomes, feedbackReceived, fulfilment,
  identifier, inventoryCounted, minor, order, orderStatuses, payment, returnRequested, text, timestamp, tracking,
} from '@orderflow/shared/events';

/**
 * What the workflows put on the `facts` stream, and what the warehouse loads. A fact carries the ids of the events it
 * settles (each becomes one row of `loaded_event`, in the same transaction as the fact's own rows) and, when it came out
 * of the in-flight table, the item to forget once the load has been read back.
 */

const plainSequence = z.string().check(z.regex(/^[0-9]{20}$/));

/**
 * Version of what a fact says: the source's sequence. Of a correction, which a later reading of the same words has made,
 * the sequence and when it was made (`z` and eight characters): above every version of this sequence, below any later one.
 */
const sequence = z.string().check(z.regex(/^[0-9]{20}(z[0-9a-z]{8})?$/));

/** What makes a correction's versions of a source's sequence. `at`: milliseconds since 1970. */
export const correctionMark = (at: number): string => `z${Math.floor(at).toString(36).padStart(8, '0')}`;
/** The mark in a fact's sequence; empty where it is no correction. */
export const markOf = (of: string): string => of.slice(20);

/** One event settled by this fact. */
export const settledEvent = z.strictObject({
  id: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  type: identifier,
  /** Partition key of the event. */
  key: text(256),
  /** Hash of canonical `data`, 64 hex digits. */
  hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  /** When intake took it. */
  recordedAt: z.optional(timestamp),
});

/** In-flight item to turn into a tombstone after the load; only if it still has this version and is DONE. */
export const inFlightItem = z.strictObject({ pk: text(512), sk: text(512), version: z.int() });

/** One step of an order's history: a status of one group and since when. */
export const statusStep = z.strictObject({
  group: z.enum(['order', 'payment', 'fulfilment']),
  status: identifier,
  at: timestamp,
  sequence: plainSequence,
  /** A correction takes it back. */
  withdrawn: z.optional(z.literal(true)),
});

/** Version of each column group that this fact knows; a group that is absent is not touched by the load. */
export const versions = z.strictObject({
  status: z.optional(sequence),
  payment: z.optional(sequence),
  fulfilment: z.optional(sequence),
  address: z.optional(sequence),
  lines: z.optional(sequence),
  /** Everything else of an order: totals, customer, store, position, comment. */
  header: z.optional(sequence),
});

export const orderSettled = z.strictObject({
  order,
  paymentOverdue: z.optional(z.boolean()),
  versions,
  history: z.array(statusStep),
});

/** An update of one order. `order` is present when the source sent a full snapshot. */
export const updateSettled = z.strictObject({
  orderKey: text(256),
  occurredAt: timestamp,
  status: z.optional(z.enum(orderStatuses)),
  payment: z.optional(payment),
  fulfilment: z.optional(fulfilment),
  tracking: z.optional(tracking),
  cancelReason: z.optional(text(1024)),
  paymentOverdue: z.optional(z.boolean()),
  order: z.optional(order),
  versions,
  history: z.array(statusStep),
});

/** Audit of one return decision (MODEL.md rule 5). */
export const decisionAudit = z.strictObject({
  outcome: z.enum(decisionOutcomes),
  by: z.enum(decidedBy),
  /** Rule of the policy, or the reason why a person was asked. */
  rule: identifier,
  /** Entry of the policy that the rule is from. */
  ruleSource: z.optional(text(128)),
  at: timestamp,
  amount: z.optional(minor),
  fee: z.optional(minor),
  /** What of the amount each seller is charged, by the seller's name. */
  sellerCharges: z.optional(z.record(z.string(), minor)),
  modelVersion: z.optional(text(128)),
  modelSha256: z.optional(text(64)),
  policyVersion: z.optional(text(64)),
  /** Numbers given to policy and model, by name. */
  features: z.optional(z.record(z.string(), z.number())),
  /** SHA-256 of the redacted text. */
  textSha256: z.optional(text(64)),
  probabilities: z.optional(z.record(z.string(), z.number())),
  thresholds: z.optional(z.record(z.string(), z.number())),
  /** A second model's answer and what it would have led to, recorded only. */
  shadow: z.optional(z.strictObject({ modelVersion: text(128), modelSha256: text(64), outcome: text(16), probabilities: z.record(z.string(), z.number()) })),
  reviewer: z.optional(text(128)),
  override: z.optional(z.boolean()),
  reviewReason: z.optional(text(1024)),
});

export const refundStatuses = ['NONE', 'DUE', 'PAID', 'FAILED'] as const;

export const returnSettled = z.strictObject({
  return: returnRequested.shape.return,
  /** Source and account that reported it; the key of the return is (source, account, return.id). */
  source: identifier,
  account: identifier,
  decision: decisionAudit,
  refund: z.strictObject({
    status: z.enum(refundStatuses),
    amount: z.optional(minor),
    fee: z.optional(minor),
    /** What of the amount the sellers bear. */
    sellerRefund: z.optional(minor),
    currency: z.optional(currency),
  }),
  reasonCategory: z.optional(identifier),
  sentiment: z.optional(z.strictObject({ label: z.enum(['GOOD', 'BAD']), score: z.number(), modelVersion: text(128) })),
  sequence,
});

/** Score of one comment by the language model. */
export const commentScored = z.strictObject({
  of: z.enum(['order', 'return', 'feedback']),
  key: text(512),
  label: z.enum(['GOOD', 'BAD']),
  score: z.number(),
  modelVersion: text(128),
  at: timestamp,
});

/** An event that needs no row of its own: a repeat of `original`, or one that changed nothing. */
export const eventAbsorbed = z.strictObject({
  reason: z.enum(['duplicate', 'stale', 'no-change']),
  original: z.optional(text(512)),
});

/** Reference rates of one day: how much of each currency one unit of `base` was worth. */
export const ratesPublished = z.strictObject({
  day: z.iso.date(),
  base: currency,
  by: text(128),
  /** Units of the currency for one of `base`, above zero. */
  rates: z.array(z.strictObject({ currency, rate: z.string().check(z.regex(/^(?=.*[1-9])\d{1,9}(\.\d{1,9})?$/)) })).check(z.minLength(1)),
});

/** Rows that the warehouse has refused, by table: back from quarantine, to be loaded as they are. */
export const rowsRestored = z.strictObject({
  /** The fact that they were of. */
  of: text(64),
  rows: z.record(z.string().check(z.regex(/^[a-z_]{1,64}$/)), z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])))),
});

/** Payload by fact type. The last four are canonical events that go to the warehouse as they are. */
export const payloadByType = {
  'order.settled': orderSettled,
  'update.settled': updateSettled,
  'return.settled': returnSettled,
  'comment.scored': commentScored,
  'event.absorbed': eventAbsorbed,
  'rates.published': ratesPublished,
  'rows.restored': rowsRestored,
  'feedback.received': feedbackReceived,
  'catalog.updated': catalogUpdated,
  'inventory.counted': inventoryCounted,
  'adjustment.recorded': adjustmentRecorded,
} as const;

export type FactType = keyof typeof payloadByType;
export const factTypes = Object.keys(payloadByType) as FactType[];

const envelope = z.strictObject({
  fact: z.enum(factTypes as [FactType, ...FactType[]]),
  /** Source name and account the fact came from. */
  source: identifier,
  account: identifier,
  /** Entity key: order key, return key, product key … */
  key: text(512),
  sequence,
  /** Stream partition. */
  partitionkey: z.string().check(z.minLength(1), z.maxLength(256)),
  /** True for test orders: loaded, marked, never counted as sales. */
  test: z.optional(z.boolean()),
  historical: z.optional(z.boolean()),
  /** When intake took the first of `events`. */
  recordedAt: timestamp,
  /** Since when it is so, where that is not in the payload. */
  occurredAt: z.optional(timestamp),
  events: z.array(settledEvent),
  inFlight: z.optional(inFlightItem),
  /** A payload over 200 KB lies on S3 as gzip'd JSON. */
  payload: z.unknown(),
});

export type PayloadOf<T extends FactType> = z.infer<(typeof payloadByType)[T]>;
export type Fact<T extends FactType = FactType> = {
  [K in T]: Omit<z.infer<typeof envelope>, 'fact' | 'payload'> & { fact: K; payload: PayloadOf<K> };
}[T];

export const payloadPointer = z.strictObject({
  pointer: z.strictObject({ bucket: text(63), key: text(1024), bytes: z.int(), sha256: text(64) }),
});
export type PointedFact = Omit<z.infer<typeof envelope>, 'payload'> & { payload: z.infer<typeof payloadPointer> };

export class InvalidFact extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidFact';
  }
}

const say = (error: z.core.$ZodError, prefix: string): InvalidFact => {
  const issue = error.issues[0];
  return new InvalidFact(`${prefix}${issue ? `.${issue.path.map(String).join('.')}: ${issue.message}` : ''}`);
};

/** Reads one record of the `facts` stream. @throws InvalidFact naming the first field at fault. */
export function parseFact(value: unknown): Fact | PointedFact {
  const outer = z.safeParse(envelope, value);
  if (!outer.success) throw say(outer.error, 'fact');
  const pointer = z.safeParse(payloadPointer, outer.data.payload);
  if (pointer.success) return { ...outer.data, payload: pointer.data };
  const inner = z.safeParse(payloadByType[outer.data.fact], outer.data.payload);
  if (!inner.success) throw say(inner.error, `${outer.data.fact}.payload`);
  return { ...outer.data, payload: inner.data } as Fact;
}

export const isPointedFact = (fact: Fact | PointedFact): fact is PointedFact => 'pointer' in fact.payload;
