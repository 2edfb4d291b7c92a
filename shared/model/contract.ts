import * as z from 'zod/mini';

/** Body limits of the endpoint; SageMaker Serverless takes 4 MB a call. */
export const mostInstances = 256;
export const mostBodyBytes = 4_000_000;
/** Longer texts are refused by the server; callers cut at `textLimit` before. */
export const mostTextLength = 10_000;

export const reasonCategories = [
  'wrong_item', 'damaged', 'defective', 'not_as_described', 'size_fit', 'late', 'changed_mind', 'duplicate',
  'unauthorised', 'other',
] as const;
export type ReasonCategory = (typeof reasonCategories)[number];

/** The numbers about a return that stand beside its text. Facts enter as numbers, never as text (MODEL.md, rule 2). */
export const returnFacts = z.strictObject({
  /** Days since delivery; absent: not known. */
  daysSinceDelivery: z.optional(z.number()),
  /** Days of the return window of the strictest category in the return. */
  windowDays: z.optional(z.number()),
  /** Amount asked for, as a share of what was paid for the order, 0 … 1. */
  amountShare: z.optional(z.number()),
  /** Amount asked for, as a share of the cap up to which nobody is asked. */
  capShare: z.optional(z.number()),
  /** Share of the bought quantity that would then be back. */
  quantityShare: z.optional(z.number()),
  /** 1 if the carrier reported a damaged line, else 0. */
  damagedInTransit: z.optional(z.number()),
  /** Days that the delivery came after its promised date; 0 when on time. */
  daysLate: z.optional(z.number()),
});
export type ReturnFacts = z.infer<typeof returnFacts>;

export const instance = z.strictObject({
  /** Redacted text. */
  text: z.string().check(z.maxLength(mostTextLength)),
  /** Reason code or sentence of the source, redacted. */
  reason: z.optional(z.string().check(z.maxLength(512))),
  /** Present: a return, whose decision is asked for as well. */
  facts: z.optional(returnFacts),
});
export type Instance = z.infer<typeof instance>;

export const request = z.strictObject({
  instances: z.array(instance).check(z.minLength(1), z.maxLength(mostInstances)),
});

const probability = z.number().check(z.gte(0), z.lte(1));

export const prediction = z.object({
  /** Only for an instance with facts. */
  decision: z.optional(z.object({ approve: probability, reject: probability, review: probability })),
  reason: z.object({ label: z.enum(reasonCategories), score: probability }),
  /** `score`: probability that the text is GOOD. */
  sentiment: z.object({ label: z.enum(['GOOD', 'BAD']), score: probability }),
  /** Probability that the text tries to give orders to a model. */
  injection: z.object({ flagged: z.boolean(), score: probability }),
});
export type Prediction = z.infer<typeof prediction>;

export const reply = z.object({
  model: z.object({ version: z.string().check(z.maxLength(128)), sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
  predictions: z.array(prediction),
});
export type Reply = z.infer<typeof reply>;
