import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { limits } from '@orderflow/shared/domain';
import type { Clock } from '@orderflow/shared/lambda';
import { update, type Change, type Values } from './dynamo-requests.ts';
import { orderSk, type InFlightItem, type InFlightService, type ItemKey } from './item.ts';
import type { Content, Fence, WriteResult } from './port.ts';
import { itemOf, readRow, type OversizeLines } from './row.ts';

/** The in-flight table as the files beside this one work on it. */
export interface DynamoTable {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Where lines of items over 350 KB go. */
  readonly oversize: OversizeLines;
}

/** Condition of every write of an execution: the item is still its own … */
export const owned = '#state = :received AND #attempt = :attempt';
/** … and as it was read. */
export const fenced = `${owned} AND #revision = :revision`;

const day = 24 * 60 * 60;
export const now = ({ clock }: DynamoTable): string => new Date(clock()).toISOString();
/** Seconds since 1970 at which DynamoDB may drop what is no longer needed. */
export const expiry = ({ clock }: DynamoTable): number => Math.floor(clock() / 1000) + limits.keepDays * day;

export const serviceOf = ({ sk }: ItemKey): InFlightService => (sk === orderSk ? 'orders' : sk.startsWith('RETURN#') ? 'returns' : 'updates');
const json = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));

export const itemIn = async ({ oversize }: DynamoTable, raw: Values): Promise<InFlightItem> => oversize.complete(itemOf(raw), readRow(raw).linesAt);

/** Content as attributes to set and to remove. */
export async function contentOf(t: DynamoTable, { data, progress, groups, refunds }: Content): Promise<Pick<Change, 'set' | 'remove'>> {
  const fit = data === undefined ? undefined : await t.oversize.fit(data);
  return {
    set: { ...fit, progress: json(progress), groups: json(groups), refunds: json(refunds) },
    ...(fit && fit.linesAt === undefined ? { remove: ['linesAt'] } : {}),
  };
}

/** A change by the execution that owns the item; `lastWrite` lets it recognise its own write when the answer is lost. */
export async function fenceOf(t: DynamoTable, { attempt, revision }: Fence, content: Content, more: Values = {}): Promise<Change & { readonly lastWrite: string }> {
  const { set, remove } = await contentOf(t, content);
  const lastWrite = t.newId();
  return {
    set: { ...set, ...more, lastWrite },
    ...(remove ? { remove } : {}),
    add: { revision: 1 },
    condition: fenced,
    given: { received: 'RECEIVED', attempt, revision },
    lastWrite,
  };
}

/** What a refused write means to its execution. */
export const judge = async (t: DynamoTable, met: Values | undefined, lastWrite: string, attempt: number): Promise<WriteResult> => {
  if (!met) return { outcome: 'lost' };
  const item = await itemIn(t, met);
  if (met['lastWrite'] === lastWrite) return { outcome: 'written', item };
  return { outcome: item.state === 'RECEIVED' && item.attempt === attempt ? 'changed' : 'lost', item };
};

/** Writes one item of an execution. */
export async function write(t: DynamoTable, key: ItemKey, change: Change & { readonly lastWrite: string }, attempt: number): Promise<WriteResult> {
  const answer = await update(t.client, t.table, key, change);
  return answer.ok ? { outcome: 'written', item: await itemIn(t, answer.item) } : judge(t, answer.item, change.lastWrite, attempt);
}
