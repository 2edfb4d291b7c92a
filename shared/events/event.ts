import './messages.ts';
import * as z from 'zod/mini';
import {
  adjustmentRecorded, catalogUpdated, feedbackReceived, intakeRejected, inventoryCounted, orderCreated, orderUpdated,
  paymentChanged, returnRequested, sourceNotified,
} from './data.ts';
import { identifier, strictObject, text, timestamp } from './values.ts';

/** The schema of `data` by event type: the one list from which every other is derived. */
export const dataByType = {
  'order.created': orderCreated,
  'order.updated': orderUpdated,
  'payment.changed': paymentChanged,
  'return.requested': returnRequested,
  'feedback.received': feedbackReceived,
  'catalog.updated': catalogUpdated,
  'inventory.counted': inventoryCounted,
  'adjustment.recorded': adjustmentRecorded,
  'source.notified': sourceNotified,
  'intake.rejected': intakeRejected,
} as const;

export type EventType = keyof typeof dataByType;
export const eventTypes = Object.keys(dataByType) as EventType[];

/** Where an event of each type goes after intake (ARCHITECTURE, "Canonical event"). */
export const destinationByType: Readonly<Record<EventType, 'events' | 'facts' | 'notices' | 'quarantine'>> = {
  'order.created': 'events',
  'order.updated': 'events',
  'payment.changed': 'events',
  'return.requested': 'events',
  'feedback.received': 'facts',
  'catalog.updated': 'facts',
  'inventory.counted': 'facts',
  'adjustment.recorded': 'facts',
  'source.notified': 'notices',
  'intake.rejected': 'quarantine',
};

/** Where `data` lies when it is too large for a stream record (over 200 KB): gzip'd JSON on S3. */
export const dataPointer = strictObject({
  pointer: strictObject({ bucket: text(63), key: text(1024), bytes: z.int(), sha256: text(64) }),
});

/** CloudEvents 1.0 attributes with our extensions (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md). */
const attributes = {
  specversion: z.literal('1.0'),
  /** First 32 hex digits of a SHA-256, see {@link eventId}. */
  id: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  /** `/sources/<name>/<account>` */
  source: text(300),
  subject: text(512),
  time: timestamp,
  /** Stream partition; the order key for everything that belongs to an order. */
  partitionkey: z.string().check(z.minLength(1), z.maxLength(256)),
  /** Fixed width, sorts lexically: the version that decides which of two states is newer. */
  sequence: z.string().check(z.regex(/^[0-9]{20}$/)),
  /** When intake took it. */
  recordedtime: z.optional(timestamp),
  /** Id of the event or notice that this one was made from. */
  causationid: z.optional(identifier),
  /** Raw payload in the archive: `s3://bucket/key#offset,length`. */
  rawref: z.optional(text(1200)),
};

export const eventSchema = <T extends EventType>(type: T) =>
  strictObject({ ...attributes, type: z.literal(type), data: dataByType[type] });

const envelope = strictObject({
  ...attributes,
  type: z.enum(eventTypes as [EventType, ...EventType[]]),
  data: z.unknown(),
});

export type DataOf<T extends EventType> = z.infer<(typeof dataByType)[T]>;
export type Envelope = Omit<z.infer<typeof envelope>, 'type' | 'data'>;
export type CanonicalEvent<T extends EventType = EventType> = {
  [K in T]: Envelope & { type: K; data: DataOf<K> };
}[T];
/** An event whose data lies on S3. */
export type PointedEvent = Envelope & { type: EventType; data: z.infer<typeof dataPointer> };

/** One thing wrong with one field. */
export interface Problem {
  /** JSON path, `$.data.order.lines[2].quantity`. */
  readonly path: string;
  readonly message: string;
}

/** Thrown by the parsers below; carries every problem found, the first one in the message. */
export class InvalidEvent extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.length === 0 ? 'invalid event' : `${problems[0]?.path}: ${problems[0]?.message}`);
    this.name = 'InvalidEvent';
    this.problems = problems;
  }
}

const jsonPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((at, part) => (typeof part === 'number' ? `${at}[${part}]` : `${at}.${String(part)}`), '$');

const problemsOf = (error: z.core.$ZodError, prefix: readonly PropertyKey[] = []): Problem[] =>
  error.issues.map((issue) => ({ path: jsonPath([...prefix, ...issue.path]), message: issue.message }));

/** Reads one canonical event of any type. @throws InvalidEvent naming each field at fault. */
export function parseEvent(value: unknown): CanonicalEvent {
  const outer = z.safeParse(envelope, value);
  if (!outer.success) throw new InvalidEvent(problemsOf(outer.error));
  const inner = z.safeParse(dataByType[outer.data.type], outer.data.data);
  if (!inner.success) throw new InvalidEvent(problemsOf(inner.error, ['data']));
  return { ...outer.data, data: inner.data } as CanonicalEvent;
}

/** Reads the envelope; `data` may be a pointer. @throws InvalidEvent */
export function parseEventOrPointer(value: unknown): CanonicalEvent | PointedEvent {
  const outer = z.safeParse(envelope, value);
  if (!outer.success) throw new InvalidEvent(problemsOf(outer.error));
  const pointer = z.safeParse(dataPointer, outer.data.data);
  if (pointer.success) return { ...outer.data, data: pointer.data };
  return parseEvent(value);
}

export const isPointed = (event: CanonicalEvent | PointedEvent): event is PointedEvent => 'pointer' in event.data;
