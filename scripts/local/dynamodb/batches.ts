import type { AwsError } from '../service.ts';
import { itemSize } from './attribute-values.ts';
import type { Item } from './dynalite-types.ts';
import { dynamoError } from './dynamo-error.ts';
import type { Engine } from './engine.ts';

type Document = Record<string, unknown>;
interface Keys {
  readonly Keys: readonly Item[];
}

/** Requests of a batch that are to stay unprocessed, by `<table>/<place in its list>`. */
export type FailingRequests = (ids: readonly string[]) => ReadonlyMap<string, AwsError> | undefined;

const MOST_WRITES = 25;
const MOST_READS = 100;
const MOST_BYTES = 16 * 1024 * 1024;
const invalid = (message: string): Error => dynamoError('ValidationException', message);
const tooMany = (what: string): Error => invalid(`Too many items requested for the ${what} call`);

/** Splits each table's list into what is processed and what is not. */
function split<T>(lists: Readonly<Record<string, readonly T[]>>, failing: FailingRequests | undefined): { readonly left: Record<string, T[]>; readonly failed: Record<string, T[]> } {
  const ids = Object.entries(lists).flatMap(([table, list]) => list.map((_one, at) => `${table}/${at}`));
  const failures = failing?.(ids);
  const left: Record<string, T[]> = {};
  const failed: Record<string, T[]> = {};
  for (const [table, list] of Object.entries(lists)) {
    for (const [at, one] of list.entries()) {
      const side = failures?.has(`${table}/${at}`) ? failed : left;
      (side[table] ??= []).push(one);
    }
  }
  return { left, failed };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
export function batchWrite(engine: Engine, input: Document, failing?: FailingRequests): Document {
  const requests = (input['RequestItems'] ?? {}) as Record<string, Document[]>;
  const count = Object.values(requests).reduce((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
  if (count > MOST_WRITES) throw tooMany('BatchWriteItem');
  const prepared = engine.prepare('BatchWriteItem', { ...input });
  const bytes = Object.values(requests).flat().reduce((sum, one) => sum + itemSize(((one['PutRequest'] as { Item?: Item } | undefined)?.Item) ?? {}), 0);
  if (bytes > MOST_BYTES) throw invalid('Request size exceeded the limit of 16 MB');
  const { left, failed } = split(prepared.input['RequestItems'] as Record<string, Document[]>, failing);
  if (Object.keys(left).length === 0) {
    for (const table of Object.keys(failed)) engine.table(table);
    return { UnprocessedItems: failed };
  }
  const output = engine.store.transaction(() => engine.perform({ ...prepared, input: { ...prepared.input, RequestItems: left } }));
  return { ...output, UnprocessedItems: failed };
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export function batchGet(engine: Engine, input: Document, failing?: FailingRequests): Document {
  const requests = (input['RequestItems'] ?? {}) as Record<string, Keys>;
  const count = Object.values(requests).reduce((sum, one) => sum + (Array.isArray(one.Keys) ? one.Keys.length : 0), 0);
  if (count > MOST_READS) throw tooMany('BatchGetItem');
  const prepared = engine.prepare('BatchGetItem', { ...input });
  const asked = prepared.input['RequestItems'] as Record<string, Keys>;
  const { left, failed } = split(Object.fromEntries(Object.entries(asked).map(([table, { Keys: keys }]) => [table, keys])), failing);
  const Responses: Record<string, Item[]> = {};
  const capacity: object[] = [];
  let bytes = 0;
  for (const [table, { Keys: _keys, ...rest }] of Object.entries(asked)) {
    Responses[table] = [];
    let read = 0;
    const description = engine.table(table);
    for (const key of left[table] ?? []) {
      const wrong = engine.db.validateKey(key, description);
      if (wrong) throw wrong;
      const item = engine.read(table, key);
      if (item && bytes + itemSize(item) > MOST_BYTES) {
        (failed[table] ??= []).push(key);
        continue;
      }
      if (!item) continue;
      bytes += itemSize(item);
      read += itemSize(item);
      const { _projection: projection, AttributesToGet: names } = rest as { _projection?: { paths: unknown }; AttributesToGet?: unknown };
      const paths = projection ? projection.paths : names;
      Responses[table].push(paths ? engine.db.mapPaths(paths, item) : item);
    }
    const told = engine.db.addConsumedCapacity({ TableName: table, ...rest, ...(typeof input['ReturnConsumedCapacity'] === 'string' && { ReturnConsumedCapacity: input['ReturnConsumedCapacity'] }) }, true);
    if (told) capacity.push(Object.assign(told, read > 0 && { CapacityUnits: Math.ceil(read / 4096) * ((rest as { ConsistentRead?: boolean }).ConsistentRead ? 1 : 0.5) }));
  }
  const UnprocessedKeys = Object.fromEntries(Object.entries(failed).map(([table, keys]) => [table, { ...requests[table], Keys: keys }]));
  return { Responses, UnprocessedKeys, ...(capacity.length > 0 && { ConsumedCapacity: capacity }) };
}
