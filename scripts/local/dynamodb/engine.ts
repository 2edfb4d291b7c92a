import { createRequire } from 'node:module';
import { itemSize } from './attribute-values.ts';
import { meets } from './condition.ts';
import type { Condition } from './condition.ts';
import type { Callback, DynaliteDb, Item, KeySchemaElement, Table } from './dynalite-types.ts';
import { codeOf, dynamoError, isDynamoError } from './dynamo-error.ts';
import type { DynamoError } from './dynamo-error.ts';
import { cacheExpressions } from './expression-cache.ts';
import type { Grammar } from './expression-cache.ts';
import { ItemStore } from './item-store.ts';
import { capacityOf, queryTable, updateIndexes } from './query-table.ts';
import type { Arithmetic } from './update-expression.ts';
import { updateItem } from './update-item.ts';

type Output = Record<string, unknown>;
type Action = (store: ItemStore, input: Output, done: Callback<Output>) => void;
interface Validation {
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

const OPERATIONS = ['BatchGetItem', 'BatchWriteItem', 'CreateTable', 'DeleteItem', 'DescribeTable', 'GetItem', 'ListTables', 'PutItem',
  'Query', 'Scan', 'TagResource', 'UntagResource', 'ListTagsOfResource', 'UpdateItem'] as const;
const READS = new Set<string>(['BatchGetItem', 'DescribeTable', 'GetItem', 'ListTables', 'Query', 'Scan', 'ListTagsOfResource']);
/** Parameters that we heed and dynalite does not know. */
const OURS = new Set(['ReturnValuesOnConditionCheckFailure']);

/** A request that dynalite has found to be in order. */
export interface Prepared {
  readonly operation: string;
  readonly input: Output;
  readonly returnOnFailure: boolean;
}

/** dynalite's validations and actions over our store: one function an operation, synchronous, whole or not at all. */
export class Engine {
  readonly store: ItemStore;
  readonly db: DynaliteDb;
  readonly #validations: { checkTypes(input: object, types: object): Output; checkValidations(input: object, types: object, custom: unknown, store: object): void };
  readonly #operations = new Map<string, { readonly action: Action; readonly validation: Validation }>();

  /** `from`: a file of this package, from which dynalite's modules are found (it has no entry for its parts). */
  constructor(file: string, from: string) {
    const require = createRequire(from);
    const db = require('dynalite/db/index.js') as DynaliteDb;
    const numberKey = (value: string): string => db.toLexiStr(value, 'N');
    // the actions call these through the module's exports
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
    for (const grammar of ['condition', 'update', 'projection']) cacheExpressions(require(`dynalite/db/${grammar}Parser`) as Grammar);
    this.db = db;
    this.#validations = require('dynalite/validations/index.js') as never;
    for (const name of OPERATIONS) {
      const lower = name.charAt(0).toLowerCase() + name.slice(1);
      this.#operations.set(name, { action: require(`dynalite/actions/${lower}`) as Action, validation: require(`dynalite/validations/${lower}`) as Validation });
    }
    const legacy = this.#operations.get('UpdateItem');
    const calculate = arithmetic(createRequire(require.resolve('dynalite/db/index.js'))('big.js') as Big);
    if (legacy) {
      this.#operations.set('UpdateItem', {
        ...legacy, action: (store, input, done) => (input['AttributeUpdates'] == null ? done(null, updateItem(db, store, calculate, input as never)) : legacy.action(store, input, done)),
      });
    }
    this.store = new ItemStore(file);
  }

  has(operation: string): boolean {
    return this.#operations.has(operation);
  }

  /** One operation in a transaction of its own. Throws `DynamoError`. */
  run(operation: string, input: Output): Output {
    const prepared = this.prepare(operation, input);
    return READS.has(operation) ? this.perform(prepared) : this.store.transaction(() => this.perform(prepared));
  }

  /** The same inside a transaction that the caller has begun. */
  runInside(operation: string, input: Output): Output {
    return this.perform(this.prepare(operation, input));
  }

  /** What is wrong with a request whatever the tables hold. */
  prepare(operation: string, input: Output): Prepared {
    const known = this.#operations.get(operation);
    if (!known) throw new Error(`${operation} is not one of dynalite's`);
    const { types, custom } = known.validation;
    const unknown = Object.keys(input).find((name) => input[name] != null && !Object.hasOwn(types, name) && !OURS.has(name));
    if (unknown !== undefined) throw this.unsupported(operation, unknown);
    const returnOnFailure = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
    const checked = this.#validations.checkTypes(input, types);
    this.#validations.checkValidations(checked, types, custom, this.store);
    return { operation, input: checked, returnOnFailure };
  }

  perform({ operation, input, returnOnFailure }: Prepared): Output {
    const action = this.#operations.get(operation)?.action;
    if (!action) throw new Error(`${operation} is not one of dynalite's`);
    try {
      return settled((done) => action(this.store, input, done));
    } catch (error) {
      if (!returnOnFailure || !isDynamoError(error) || codeOf(error) !== 'ConditionalCheckFailedException') throw error;
      const item = this.read(String(input['TableName']), (input['Key'] ?? input['Item']) as Item);
      throw Object.assign(error, { body: { ...error.body, ...(item && { Item: item }) } });
    }
  }

  /** For a parameter that would change what the operation does: it is not dropped silently. */
  unsupported(operation: string, parameter: string): DynamoError {
    process.stderr.write(`local cloud: dynamodb ${operation} does not know the parameter ${parameter}\n`);
    return dynamoError('ValidationException', `${operation}: the local cloud does not know the parameter ${parameter}`);
  }

  table(name: string): Table {
    return settled<Table>((done) => this.store.getTable(name, done));
  }

  /** A description of one's own to change and put back. */
  tableToChange(name: string): Table {
    return settled<Table>((done) => this.store.getTable(name, false, done));
  }

  /** The whole item that has the key attributes of `keyed`. */
  read(table: string, keyed: Item): Item | undefined {
    let found: Item | undefined;
    this.store.getItemDb(table).get(this.db.createKey(keyed, this.table(table)), (error, item) => {
      if (!error) found = item as Item;
    });
    return found;
  }
}

/** dynalite counts characters; DynamoDB counts bytes. */
function checkKeyBytes(item: Item, keySchema: readonly KeySchemaElement[]): void {
  for (const [at, { AttributeName: name }] of keySchema.entries()) {
    const text = item[name]?.['S'];
    if (typeof text !== 'string' || text.length <= 341 || Buffer.byteLength(text) <= (at === 0 ? 2048 : 1024)) continue;
    throw dynamoError('ValidationException', at === 0 ? 'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes' : 'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes');
  }
}

/** The result of a call that calls back before it returns. */
export function settled<T>(start: (done: Callback<T>) => void): T {
  let outcome: { error: unknown; value?: T | undefined } | undefined;
  start((error, value) => (outcome = { error, value }));
  if (!outcome) throw new Error('dynalite did not answer at once');
  if (outcome.error) throw outcome.error as Error;
  return outcome.value as T;
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
