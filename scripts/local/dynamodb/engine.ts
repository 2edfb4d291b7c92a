import { createRequire } from 'node:module';
import type { Callback, DynaliteDb, Item, Table } from './dynalite-types.ts';
import { ItemStore } from './item-store.ts';
import { queryTable, updateIndexes } from './query-table.ts';

type Output = Record<string, unknown>;
type Action = (store: ItemStore, input: Output, done: Callback<Output>) => void;
interface Validation {
  readonly types: object;
  readonly custom?: unknown;
}

/** An error as DynamoDB answers it. */
export interface DynamoError extends Error {
  readonly statusCode: number;
  readonly body: Readonly<Record<string, unknown>> & { readonly __type: string; readonly message?: string };
}

export function dynamoError(code: string, message: string, extra: Output = {}): DynamoError {
  return Object.assign(new Error(message), { statusCode: 400, body: { __type: `com.amazonaws.dynamodb.v20120810#${code}`, message, ...extra } });
}

export const isDynamoError = (error: unknown): error is DynamoError => error instanceof Error && 'body' in error && 'statusCode' in error;

const OPERATIONS = ['BatchGetItem', 'BatchWriteItem', 'CreateTable', 'DeleteItem', 'DescribeTable', 'GetItem', 'ListTables', 'PutItem',
  'Query', 'Scan', 'TagResource', 'UntagResource', 'ListTagsOfResource', 'UpdateItem', 'UpdateTable'] as const;
const READS = new Set<string>(['BatchGetItem', 'DescribeTable', 'GetItem', 'ListTables', 'Query', 'Scan', 'ListTagsOfResource']);

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
    // the actions call these through the module's exports
    db.lazy = (values) => ({ take: () => db.lazy(values), join: (done: (all: readonly unknown[]) => void) => done(values) });
    db.createIndexKey = (item, table, keySchema) => `${db.createKey(item, table, keySchema)}~${db.createKey(item, table)}`;
    db.updateIndexes = (store, table, before, after, done) => {
      updateIndexes(db, store as ItemStore, table, before, after);
      done(null);
    };
    db.queryTable = (store, ...rest) => queryTable(db, store as ItemStore, ...rest);
    this.db = db;
    this.#validations = require('dynalite/validations/index.js') as never;
    for (const name of OPERATIONS) {
      const lower = name.charAt(0).toLowerCase() + name.slice(1);
      this.#operations.set(name, { action: require(`dynalite/actions/${lower}`) as Action, validation: require(`dynalite/validations/${lower}`) as Validation });
    }
    this.store = new ItemStore(file);
  }

  has(operation: string): boolean {
    return this.#operations.has(operation);
  }

  /** One operation in a transaction of its own. Throws `DynamoError`. */
  run(operation: string, input: Output): Output {
    const work = (): Output => this.runInside(operation, input);
    return READS.has(operation) ? work() : this.store.transaction(work);
  }

  /** The same inside a transaction that the caller has begun. */
  runInside(operation: string, input: Output): Output {
    const known = this.#operations.get(operation);
    if (!known) throw new Error(`${operation} is not one of dynalite's`);
    const { action, validation } = known;
    const returnOnFailure = input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
    const checked = this.#validations.checkTypes(input, validation.types);
    this.#validations.checkValidations(checked, validation.types, validation.custom, this.store);
    try {
      return settled((done) => action(this.store, checked, done));
    } catch (error) {
      if (!returnOnFailure || !isDynamoError(error) || !error.body.__type.endsWith('#ConditionalCheckFailedException')) throw error;
      const item = this.read(String(checked['TableName']), (checked['Key'] ?? checked['Item']) as Item);
      throw Object.assign(error, { body: { ...error.body, ...(item && { Item: item }) } });
    }
  }

  table(name: string): Table {
    return settled<Table>((done) => this.store.getTable(name, done));
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

/** The result of a call that calls back before it returns. */
export function settled<T>(start: (done: Callback<T>) => void): T {
  let outcome: { error: unknown; value?: T | undefined } | undefined;
  start((error, value) => (outcome = { error, value }));
  if (!outcome) throw new Error('dynalite did not answer at once');
  if (outcome.error) throw outcome.error as Error;
  return outcome.value as T;
}
