import { itemSize, typed } from './attribute-values.ts';
import type { Callback, CapacityInput, DynaliteDb, Index, Item, QueryInput, Range, Table } from './dynalite-types.ts';
import { dynamoError } from './dynamo-error.ts';
import type { ItemStore } from './item-store.ts';

/** A page of a Query or Scan ends with the item that reaches this. */
const PAGE_BYTES = 1024 * 1024;

/** Index entries of an item by their key: index key and table key together, so that no two items share one. */
export function indexEntries(db: DynaliteDb, index: Index, table: Table, item: Item | undefined): { key: string; value: Item } | undefined {
  const keys = index.KeySchema.map((element) => element.AttributeName);
  if (!item || !keys.every((key) => item[key] != null)) return undefined;
  let value = item;
  if (index.Projection.ProjectionType !== 'ALL') {
    const kept = [...keys, ...table.KeySchema.map((element) => element.AttributeName), ...(index.Projection.NonKeyAttributes ?? [])];
    value = Object.fromEntries(Object.entries(item).filter(([name]) => kept.includes(name)));
  }
  return { key: db.createIndexKey(item, table, index.KeySchema), value };
}

/** Replaces dynalite's, whose index keys carry 24 bits of hash and so lose entries when two items collide. */
export function updateIndexes(db: DynaliteDb, store: ItemStore, table: Table, before: Item | undefined, after: Item | undefined): void {
  for (const kind of ['Local', 'Global'] as const) {
    for (const index of table[`${kind}SecondaryIndexes`] ?? []) {
      for (const { AttributeName: name } of index.KeySchema) {
        const value = after?.[name];
        if (value && typed(value).content === '') throw dynamoError('ValidationException', `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: ${index.IndexName}, IndexKey: ${name}`);
      }
      const space = store.getIndexDb(kind, table.TableName, index.IndexName);
      const old = indexEntries(db, index, table, before);
      const now = indexEntries(db, index, table, after);
      if (old && old.key !== now?.key) space.del(old.key, () => undefined);
      if (now) space.put(now.key, now.value, () => undefined);
    }
  }
}

/** `ConsumedCapacity` of a request that has read or written so many bytes, if it asks for it. */
export function capacityOf(input: CapacityInput, bytes: number, isRead: boolean): object | undefined {
  const asked = input.ReturnConsumedCapacity;
  if (asked !== 'TOTAL' && asked !== 'INDEXES') return undefined;
  const units = Math.max(1, Math.ceil(bytes / (isRead ? 4096 : 1024))) * (isRead && !input.ConsistentRead ? 0.5 : 1);
  const part = { CapacityUnits: units };
  const split = input.IndexName === undefined ? { Table: part } : { Table: { CapacityUnits: 0 }, GlobalSecondaryIndexes: { [input.IndexName]: part } };
  return { TableName: input.TableName, ...part, ...(asked === 'INDEXES' && split) };
}

/** Replaces dynalite's, which goes through streams: the same answer in one pass over the rows. */
export function queryTable(
  db: DynaliteDb, store: ItemStore, table: Table, input: QueryInput, range: Range, isLocal: boolean, fromTable: boolean,
  startKeyNames: readonly string[], done: Callback,
): void {
  const space = input.IndexName === undefined ? store.getItemDb(input.TableName) : store.getIndexDb(isLocal ? 'local' : 'global', input.TableName, input.IndexName);
  const limit = input.Limit ?? Number.POSITIVE_INFINITY;
  let items: Item[] = [];
  let bytes = 0;
  for (const row of space.values(range)) {
    if (items.length >= limit || bytes >= PAGE_BYTES) break;
    const item = JSON.parse(row.text) as Item;
    bytes += itemSize(item);
    items.push(item);
  }
  const scanned = items.length;
  const last = items.at(-1);
  const more = (scanned >= limit || bytes >= PAGE_BYTES) && last !== undefined;
  if (fromTable) items = items.map((item) => whole(db, store, table, item));
  const filter = input.QueryFilter ?? input.ScanFilter;
  const expression = input._filter?.expression;
  if (expression !== undefined) items = items.filter((item) => db.matchesExprFilter(item, expression));
  else if (filter) items = items.filter((item) => db.matchesFilter(item, filter, input.ConditionalOperator));
  const paths = input._projection ? input._projection.paths : input.AttributesToGet;
  if (paths) items = items.map((item) => db.mapPaths(paths, item));
  const capacity = capacityOf(input, bytes, true);
  done(null, {
    ScannedCount: scanned,
    Count: items.length,
    ...(input.Select !== 'COUNT' && { Items: items }),
    ...(more && { LastEvaluatedKey: Object.fromEntries(startKeyNames.map((name) => [name, last[name]])) }),
    ...(capacity && { ConsumedCapacity: capacity }),
  });
}

function whole(db: DynaliteDb, store: ItemStore, table: Table, entry: Item): Item {
  let found = entry;
  store.getItemDb(table.TableName).get(db.createKey(entry, table), (error, item) => {
    if (!error) found = item as Item;
  });
  return found;
}
