import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { ObjectPort } from '@orderflow/shared/stream';
import {
  dueShards, inFlightServices, itemStates, parkReasons, sentOutcomes, type InFlightItem, type InFlightService, type ItemKey,
  type SentGuard,
} from './item.ts';
import type { DueState } from './port.ts';

/** An item as DynamoDB holds it: what is structured is JSON text, because marshalling it member by member costs CPU. */
const row = z.object({
  pk: z.string(),
  sk: z.string(),
  service: z.enum(inFlightServices),
  state: z.enum(itemStates),
  version: z.int(),
  revision: z.int(),
  attempt: z.int(),
  event: z.string(),
  data: z.optional(z.string()),
  /** `s3://…` of the lines of an item over 350 KB. */
  linesAt: z.optional(z.string()),
  progress: z.optional(z.string()),
  groups: z.optional(z.string()),
  refunds: z.optional(z.string()),
  test: z.optional(z.boolean()),
  historical: z.optional(z.boolean()),
  receivedAt: z.string(),
  dueAt: z.optional(z.string()),
  parkedReason: z.optional(z.enum(parkReasons)),
  parkedSince: z.optional(z.string()),
  loadedVersion: z.optional(z.int()),
  lastWrite: z.optional(z.string()),
});
export type Row = z.infer<typeof row>;

const guardRow = z.object({
  sk: z.string(),
  // absent on a guard that an outcome was recorded for after it had expired
  at: z._default(z.string(), ''),
  by: z._default(z.string(), ''),
  outcome: z.optional(z.enum(sentOutcomes)),
  messageId: z.optional(z.string()),
});

const shardOf = (pk: string): number => (createHash('sha256').update(pk).digest()[0] ?? 0) % dueShards;

export const duePk = (service: InFlightService, state: DueState, shard: number): string => `${service}#${state}#${shard}`;
export const duePkOf = (service: InFlightService, state: DueState, key: ItemKey): string => duePk(service, state, shardOf(key.pk));

/** Reads a row of the table. @throws Error when it is none of ours */
export function readRow(value: unknown): Row {
  const read = z.safeParse(row, value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new Error(`in-flight item: ${issue?.path.map(String).join('.') ?? ''} ${issue?.message ?? ''}`);
}

const json = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));

/** Row → item; lines on S3 are not there, see {@link OversizeLines}. */
export function itemOf(value: unknown): InFlightItem {
  const { event, data, progress, groups, refunds, parkedReason, parkedSince, lastWrite: _, linesAt: __, ...plain } = readRow(value);
  const parsed = { data: json(data), progress: json(progress), groups: json(groups), refunds: json(refunds) };
  const there = Object.fromEntries(Object.entries({ ...plain, ...parsed }).filter(([, member]) => member !== undefined));
  return {
    ...(there as unknown as InFlightItem),
    event: JSON.parse(event) as InFlightItem['event'],
    ...(parkedReason && parkedSince ? { parked: { reason: parkedReason, since: parkedSince } } : {}),
  };
}

export function guardOf(value: unknown): SentGuard {
  const { sk, at, by, outcome, messageId } = z.parse(guardRow, value);
  return { transition: sk.slice('SENT#'.length), at, by, ...(outcome ? { outcome } : {}), ...(messageId ? { messageId } : {}) };
}

/** An item over this many bytes of data keeps its lines on S3; DynamoDB's limit is 400 KB for all attributes together. */
export const dataLimit = 350_000;

type Lined = { lines?: unknown[] };
const linedPart = (data: unknown): Lined | undefined => {
  const { order, return: returned, update } = (data ?? {}) as { order?: Lined; return?: Lined; update?: { order?: Lined } };
  return order ?? returned ?? update?.order;
};

/** Keeps the lines of large items on S3: `in-flight/<hash>.json.gz`, gzip'd JSON, no customer data. */
export class OversizeLines {
  readonly #objects: ObjectPort;
  readonly #bucket: string;
  constructor(objects: ObjectPort, bucket: string) {
    this.#objects = objects;
    this.#bucket = bucket;
  }

  /** `data` as JSON text that fits, and where its lines went if they had to. */
  async fit(data: unknown): Promise<{ data: string; linesAt?: string }> {
    const text = JSON.stringify(data);
    const part = linedPart(data);
    if (Buffer.byteLength(text) <= dataLimit || !part?.lines) return { data: text };
    const lines = Buffer.from(JSON.stringify(part.lines));
    const key = `in-flight/${createHash('sha256').update(lines).digest('hex')}.json.gz`;
    await this.#objects.put(this.#bucket, key, gzipSync(lines));
    const slim = structuredClone(data);
    const slimPart = linedPart(slim);
    if (slimPart) slimPart.lines = [];
    return { data: JSON.stringify(slim), linesAt: key };
  }

  /** The item with its lines again. */
  async complete(item: InFlightItem, linesAt: string | undefined): Promise<InFlightItem> {
    const part = linedPart(item.data);
    if (linesAt === undefined || !part) return item;
    part.lines = JSON.parse(gunzipSync(await this.#objects.get(this.#bucket, linesAt)).toString('utf8')) as unknown[];
    return item;
  }
}
