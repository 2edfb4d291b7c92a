import type { Callback, DynaliteDb, Item, Table } from './dynalite-types.ts';
import { loadDynalite } from './dynalite.ts';
import type { Action, Dynalite, Output, Validation } from './dynalite.ts';
import { codeOf, dynamoError, isDynamoError } from './dynamo-error.ts';
import type { DynamoError } from './dynamo-error.ts';
import { ItemStore } from './item-store.ts';
import { updateItem } from './update-item.ts';

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
  readonly #validations: Dynalite['validations'];
  readonly #operations = new Map<string, { readonly action: Action; readonly validation: Validation }>();

  /** `from`: a file of this package, from which dynalite's modules are found (it has no entry for its parts). */
  constructor(file: string, from: string) {
    const dynalite = loadDynalite(from);
    const { db, validations, calculate } = dynalite;
    this.db = db;
    this.#validations = validations;
    for (const name of OPERATIONS) this.#operations.set(name, dynalite.operation(name));
    const legacy = dynalite.operation('UpdateItem');
    this.#operations.set('UpdateItem', {
      ...legacy, action: (store, input, done) => (input['AttributeUpdates'] == null ? done(null, updateItem(db, store, calculate, input as never)) : legacy.action(store, input, done)),
    });
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

/** The result of a call that calls back before it returns. */
export function settled<T>(start: (done: Callback<T>) => void): T {
  let outcome: { error: unknown; value?: T | undefined } | undefined;
  start((error, value) => (outcome = { error, value }));
  if (!outcome) throw new Error('dynalite did not answer at once');
  if (outcome.error) throw outcome.error as Error;
  return outcome.value as T;
}
