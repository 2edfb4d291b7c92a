import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { ScanCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { HeldLine } from './held.ts';
import type { NoticeEnds } from './notices.ts';
import type { Warehouse } from './sql.ts';

/** A row of `loaded_event`. Times in milliseconds since 1970. */
export interface LoadedEvent {
  readonly id: string;
  readonly type: string;
  /** Partition key. */
  readonly key: string;
  readonly rows: number;
  readonly recordedAt: number | undefined;
  readonly committedAt: number | undefined;
}

/** Everything there is in the three homes of an event, by event id. */
export interface Found {
  readonly warehouse: ReadonlyMap<string, LoadedEvent>;
  /** Index entries of the quarantine, with the words that say where each came from. */
  readonly quarantine: readonly QuarantineEntry[];
  readonly table: ReadonlyMap<string, TableItem>;
  /** What became of thin notices. */
  readonly notices: NoticeEnds;
}

export interface QuarantineEntry {
  readonly id: string;
  readonly code: string;
  /** Ids of the events that are in it. */
  readonly events: readonly string[];
  /** When it was put there, milliseconds since 1970. */
  readonly at: number;
  /** Which item it was of what was delivered: of a CSV file the number of the line. */
  readonly position: number | undefined;
  /** `<source>:<account>` of what intake could not read. */
  readonly from: string | undefined;
  readonly rawKey: string;
}

export interface TableItem {
  readonly state: string;
  readonly reason: string | undefined;
  readonly type: string;
  readonly key: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const milliseconds = (value: unknown): number | undefined => {
  const ms = Date.parse(text(value));
  return Number.isNaN(ms) ? undefined : ms;
};

const utc = (column: string): string => `TO_CHAR(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export async function loadedEvents(warehouse: Warehouse): Promise<Map<string, LoadedEvent>> {
  const found = new Map<string, LoadedEvent>();
  const rows = warehouse.query(
    `SELECT event_id, MAX(event_type), CAST(COUNT(*) AS VARCHAR(20)), ${utc('MAX(recorded_at)')}, ${utc('MIN(committed_at)')}, MAX(event_key) FROM loaded_event GROUP BY event_id ORDER BY event_id`,
  );
  for await (const [id, type, count, recorded, committed, key] of rows) {
    found.set(text(id), { id: text(id), type: text(type), key: text(key), rows: Number(count), recordedAt: milliseconds(recorded), committedAt: milliseconds(committed) });
  }
  return found;
}

const idsIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const { id, events } = value as { id?: unknown; events?: unknown };
  return [...(typeof id === 'string' ? [id] : []), ...(Array.isArray(events) ? events.flatMap(idsIn) : [])];
};

/** Ids of the events in what was quarantined behind the intake: an event, or a fact that names its events. */
function eventsInRaw(body: string): string[] {
  return body.split('\n').flatMap((line) => {
    try {
      return idsIn(JSON.parse(line));
    } catch {
      return [];
    }
  });
}

/**
 * The lines of an account's files dropped since a time that are in quarantine, with their bytes. An entry bears the time
 * at which its file was dropped: what an earlier file left is not about this one, which may be that file mended.
 */
export async function heldLines(
  s3: S3Client, bucket: string, entries: readonly QuarantineEntry[], { account, since }: { readonly account: string; readonly since: number },
): Promise<HeldLine[]> {
  const lines: HeldLine[] = [];
  for (const { id, code, from, position, rawKey, at } of entries) {
    // S3 says when an object was written in whole seconds
    if (from !== `file-drop:${account}` || position === undefined || code === 'file' || at < Math.floor(since / 1000) * 1000) continue;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: rawKey }));
    lines.push({ id, number: position, raw: Buffer.from((await Body?.transformToByteArray()) ?? []) });
  }
  return lines;
}

const bodyOf = async (s3: S3Client, bucket: string, key: string): Promise<string> =>
  (await (await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))).Body?.transformToString()) ?? '';

/** Every entry below `index/` of the quarantine bucket; the intake's are named by the id of their event. */
export async function quarantineEntries(s3: S3Client, bucket: string): Promise<QuarantineEntry[]> {
  const entries: QuarantineEntry[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'index/', ...(token !== undefined && { ContinuationToken: token }) }));
    for (const { Key: key } of page.Contents ?? []) {
      const entry = JSON.parse(await bodyOf(s3, bucket, key ?? '')) as Record<string, unknown>;
      const id = text(entry['id']);
      const behind = entry['origin'] === 'intake' ? [] : eventsInRaw(await bodyOf(s3, bucket, text(entry['rawKey'])).catch(() => ''));
      const own = entry['origin'] === 'intake';
      entries.push({
        id, code: text(entry['code']), events: [id, ...behind], at: milliseconds(entry['at']) ?? 0, rawKey: text(entry['rawKey']),
        position: typeof entry['position'] === 'number' ? entry['position'] : undefined,
        from: own ? `${text(entry['source'])}:${text(entry['account'])}` : undefined,
      });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return entries;
}

/** Items of the in-flight table that are not tombstones, claims or guards, by the id of their event. */
export async function tableItems(dynamodb: DynamoDBDocumentClient, table: string): Promise<Map<string, TableItem>> {
  const found = new Map<string, TableItem>();
  let start: Record<string, unknown> | undefined;
  do {
    const page = await dynamodb.send(new ScanCommand({
      TableName: table,
      FilterExpression: 'attribute_exists(#state) AND #state <> :forgotten',
      ProjectionExpression: '#state, #event, parkedReason',
      ExpressionAttributeNames: { '#state': 'state', '#event': 'event' },
      ExpressionAttributeValues: { ':forgotten': 'FORGOTTEN' },
      ...(start && { ExclusiveStartKey: start }),
    }));
    for (const item of page.Items ?? []) {
      const event = JSON.parse(text(item['event']) || '{}') as { readonly id?: string; readonly type?: string; readonly key?: string };
      if (event.id === undefined) continue;
      found.set(event.id, { state: text(item['state']), reason: text(item['parkedReason']) || undefined, type: event.type ?? '', key: event.key ?? '' });
    }
    start = page.LastEvaluatedKey;
  } while (start);
  return found;
}
