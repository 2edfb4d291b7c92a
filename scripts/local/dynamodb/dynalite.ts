import { createRequire } from 'node:module';
import { itemSize } from './attribute-values.ts';
import { meets } from './condition.ts';
import type { Condition } from './condition.ts';
import type { Callback, DynaliteDb, Item, KeySchemaElement } from './dynalite-types.ts';
import { dynamoError } from './dynamo-error.ts';
import { cacheExpressions } from './expression-cache.ts';
import type { Grammar } from './expression-cache.ts';
import type { ItemStore } from './item-store.ts';
import { capacityOf, queryTable, updateIndexes } from './query-table.ts';
import type { Arithmetic } from './update-expression.ts';

export type Output = Record<string, unknown>;
export type Action = (store: ItemStore, input: Output, done: Callback<Output>) => void;
export interface Validation {
  readonly types: Readonly<Record<string, unknown>>;
  readonly custom?: unknown;
}
/** big.js, as dynalite brings it. */
type Big = new (value: string) => { plus(other: string): Decimal; minus(other: string): Decimal };
interface Decimal {
  readonly c: readonly number[];
  readonly e: number;
  toFixed(): string;
}

/** dynalite's modules, with what we do in another way already replaced. */
export interface Dynalite {
  readonly db: DynaliteDb;
  readonly validations: { checkTypes(input: object, types: object): Output; checkValidations(input: object, types: object, custom: unknown, store: object): void };
  readonly calculate: Arithmetic;
  operation(name: string): { readonly action: Action; readonly validation: Validation };
}

/** `from`: a file of this package, from which dynalite's modules are found (it has no entry for its parts). */
export function loadDynalite(from: string): Dynalite {
  const require = createRequire(from);
  const db = require('dynalite/db/index.js') as DynaliteDb;
  replaceParts(db);
  for (const grammar of ['condition', 'update', 'projection']) cacheExpressions(require(`dynalite/db/${grammar}Parser`) as Grammar);
  return {
    db,
    validations: require('dynalite/validations/index.js') as never,
    calculate: arithmetic(createRequire(require.resolve('dynalite/db/index.js'))('big.js') as Big),
    operation(name) {
      const lower = name.charAt(0).toLowerCase() + name.slice(1);
      return { action: require(`dynalite/actions/${lower}`) as Action, validation: require(`dynalite/validations/${lower}`) as Validation };
    },
  };
}

/** dynalite's actions call these through the module's exports. */
function replaceParts(db: DynaliteDb): void {
  const numberKey = (value: string): string => db.toLexiStr(value, 'N');
  db.lazy = (values) => ({ take: () => db.lazy(values), join: (done: (all: readonly unknown[]) => void) => done(values) });
  const createKey = db.createKey.bind(db);
  db.createKey = (item, table, keySchema) => {
    checkKeyBytes(item as Item, keySchema ?? table.KeySchema);
    return createKey(item, table, keySchema);
  };
  // `!` lies below all that keys consist of, and `~`, with which dynalite bounds its ranges, above
  db.createIndexKey = (item, table, keySchema) => `${db.createKey(item, table, keySchema)}!${db.createKey(item, table)}`;
  db.updateIndexes = (store, table, before, after, done) => {
    updateIndexes(db, store as ItemStore, table, before, after);
    done(null);
  };
  db.queryTable = (store, ...rest) => queryTable(db, store as ItemStore, ...rest);
  db.matchesExprFilter = (item, expression) => meets(expression as Condition, item, numberKey);
  const checkConditional = db.checkConditional.bind(db);
  db.checkConditional = (input, item) => {
    if (!input._condition) return checkConditional(input, item);
    return meets(input._condition.expression as Condition, item ?? {}, numberKey) ? null : dynamoError('ConditionalCheckFailedException', 'The conditional request failed');
  };
  db.itemSize = (item) => itemSize(item);
  db.addConsumedCapacity = (input, isRead, item, other) => capacityOf(input, Math.max(item ? itemSize(item) : 0, other ? itemSize(other) : 0), isRead);
}

/** dynalite counts characters; DynamoDB counts bytes. */
function checkKeyBytes(item: Item, keySchema: readonly KeySchemaElement[]): void {
  for (const [at, { AttributeName: name }] of keySchema.entries()) {
    const text = item[name]?.['S'];
    if (typeof text !== 'string' || text.length <= 341 || Buffer.byteLength(text) <= (at === 0 ? 2048 : 1024)) continue;
    throw dynamoError('ValidationException', at === 0 ? 'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes' : 'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes');
  }
}

function arithmetic(decimals: Big): Arithmetic {
  return (operator, left, right) => {
    const number = new decimals(left)[operator === 'add' ? 'plus' : 'minus'](right);
    const refuse = (message: string): Error => dynamoError('ValidationException', message);
    if (number.e > 125) throw refuse('Number overflow. Attempting to store a number with magnitude larger than supported range');
    if (number.e < -130) throw refuse('Number underflow. Attempting to store a number with magnitude smaller than supported range');
    if (number.c.length > 38) throw refuse('Attempting to store more than 38 significant digits in a Number');
    return number.toFixed();
  };
}
