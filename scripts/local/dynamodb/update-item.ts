import { updated } from './update-expression.ts';
import type { Arithmetic, UpdateSection } from './update-expression.ts';
import { itemSize } from './attribute-values.ts';
import type { DynaliteDb, Item } from './dynalite-types.ts';
import { dynamoError } from './dynamo-error.ts';
import type { ItemStore } from './item-store.ts';
import { updateIndexes } from './query-table.ts';

interface UpdateInput {
  readonly TableName: string;
  readonly Key: Item;
  readonly ReturnValues?: string;
  readonly _condition?: { readonly expression: unknown };
  readonly _updates?: { readonly sections: readonly UpdateSection[]; readonly paths: unknown; readonly nestedPaths?: object };
}

/** UpdateItem with an update expression (or none); dynalite's action serves the legacy AttributeUpdates. */
export function updateItem(db: DynaliteDb, store: ItemStore, calculate: Arithmetic, input: UpdateInput): Record<string, unknown> {
  let output: Record<string, unknown> = {};
  store.getTable(input.TableName, (error, found) => {
    if (error || !found) throw error as Error;
    const table = found;
    const { _updates: updates, ReturnValues: wanted, Key: key } = input;
    const invalid = db.validateKey(key, table) ?? db.validateUpdates(undefined, updates, table);
    if (invalid) throw invalid;
    const space = store.getItemDb(input.TableName);
    const place = db.createKey(key, table);
    let old: Item | undefined;
    space.get(place, (missing, item) => (old = missing ? undefined : (item as Item)));
    const refused = db.checkConditional(input, old);
    if (refused) throw refused;
    const item = updated(updates?.sections ?? [], old ?? key, calculate);
    if (itemSize(item) > store.options.maxItemSize) throw dynamoError('ValidationException', 'Item size to update has exceeded the maximum allowed size');
    updateIndexes(db, store, table, old, item);
    space.put(place, item, () => undefined);
    const paths = updates?.paths ?? [];
    const returned = ({ ALL_OLD: () => old, UPDATED_OLD: () => old && db.mapPaths(paths, old), ALL_NEW: () => item, UPDATED_NEW: () => db.mapPaths(paths, item) } as Readonly<Record<string, () => Item | undefined>>)[wanted ?? '']?.();
    const capacity = db.addConsumedCapacity(input, false, old, item);
    output = { ...(returned && Object.keys(returned).length > 0 && { Attributes: returned }), ...(capacity && { ConsumedCapacity: capacity }) };
  });
  return output;
}
