import { hash } from 'node:crypto';
import { itemSize } from './attribute-values.ts';
import type { Item } from './dynalite-types.ts';
import { codeOf, dynamoError, isDynamoError } from './dynamo-error.ts';
import type { Engine, Prepared } from './engine.ts';

type Input = Record<string, unknown>;

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
const MOST_ACTIONS = 100;
const MOST_BYTES = 4 * 1024 * 1024;
const TOKEN_LIFE_MS = 600_000;
const OPERATIONS: Readonly<Record<string, string>> = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'DeleteItem' };

interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: unknown;
}

/** Transactions over the engine: all actions run, and if one is refused all of them are undone. */
export class Transactions {
  readonly #engine: Engine;
  readonly #now: () => number;

  constructor(engine: Engine, now: () => number = Date.now) {
    this.#engine = engine;
    this.#now = now;
    engine.store.database.exec('CREATE TABLE IF NOT EXISTS token (token TEXT PRIMARY KEY, payload TEXT NOT NULL, at INTEGER NOT NULL)');
    this.forgetTokens();
  }

  write(input: Input): Input {
    const actions = (input['TransactItems'] ?? []) as readonly Input[];
    const prepared = this.#checkActions(actions);
    this.#engine.store.transaction(() => {
      if (this.#isRepeat(input)) return;
      const failed = prepared.map((action) => this.#apply(action));
      if (failed.every((reason) => reason.Code === 'None')) return;
      const codes = failed.map((reason) => reason.Code).join(', ');
      throw dynamoError('TransactionCanceledException', `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`, { CancellationReasons: failed });
    });
    const tables = new Map<string, number>();
    for (const action of actions) {
      const { request } = target(action);
      const table = String(request['TableName']);
      // a transaction writes everything twice
      tables.set(table, (tables.get(table) ?? 0) + 2 * Math.max(1, Math.ceil(itemSize((request['Item'] ?? {}) as Item) / 1024)));
    }
    return told(input, tables);
  }

  read(input: Input): Input {
    const gets = ((input['TransactItems'] ?? []) as readonly Input[]).map((one) => one['Get'] as Input | undefined);
    if (gets.length === 0 || gets.length > MOST_ACTIONS || gets.some((get) => !get)) throw dynamoError('ValidationException', `TransactItems must be 1 to ${MOST_ACTIONS} Gets`);
    const tables = new Map<string, number>();
    let bytes = 0;
    const Responses = gets.map((get) => {
      const { Item: item } = this.#engine.run('GetItem', { ...get, ConsistentRead: true }) as { Item?: Item };
      const size = item ? itemSize(item) : 0;
      const table = String(get?.['TableName']);
      tables.set(table, (tables.get(table) ?? 0) + 2 * Math.max(1, Math.ceil(size / 4096)));
      if ((bytes += size) > MOST_BYTES) throw dynamoError('ValidationException', 'Collection size of items requested has exceeded the limit of 4 MB');
      return item === undefined ? {} : { Item: item };
    });
    return { Responses, ...told(input, tables) };
  }

  forgetTokens(): void {
    this.#engine.store.database.prepare('DELETE FROM token WHERE at < ?').run(this.#now() - TOKEN_LIFE_MS);
  }

  /** What is wrong with them whatever the tables hold. */
  #checkActions(actions: readonly Input[]): { readonly kind: string; readonly prepared: Prepared }[] {
    if (actions.length === 0 || actions.length > MOST_ACTIONS) throw dynamoError('ValidationException', `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${MOST_ACTIONS}, and greater than or equal to 1`);
    const seen = new Set<string>();
    let bytes = 0;
    return actions.map((action) => {
      const { kind, request } = target(action);
      if (kind === 'ConditionCheck' && typeof request['ConditionExpression'] !== 'string') throw dynamoError('ValidationException', 'The ConditionExpression of a ConditionCheck must not be null');
      const prepared = this.#engine.prepare(OPERATIONS[kind] ?? '', { ...request });
      const table = this.#engine.table(String(request['TableName']));
      const key = (prepared.input['Key'] ?? prepared.input['Item'] ?? {}) as Item;
      if (table.KeySchema.some((element) => key[element.AttributeName] == null)) throw dynamoError('ValidationException', 'The provided key element does not match the schema');
      const id = `${table.TableName}/${this.#engine.db.createKey(key, table)}`;
      if (seen.has(id)) throw dynamoError('ValidationException', 'Transaction request cannot include multiple operations on one item');
      seen.add(id);
      bytes += itemSize((prepared.input['Item'] ?? prepared.input['Key'] ?? {}) as Item);
      if (bytes > MOST_BYTES) throw dynamoError('ValidationException', 'Member must have an aggregated size of items less than or equal to 4 MB');
      return { kind, prepared };
    });
  }

  /** The same token and content within ten minutes succeeds without a second effect. */
  #isRepeat(input: Input): boolean {
    const token = input['ClientRequestToken'] as string | undefined;
    if (token === undefined) return false;
    const payload = hash('sha256', JSON.stringify(input['TransactItems']));
    const { database } = this.#engine.store;
    const known = database.prepare('SELECT payload FROM token WHERE token = ? AND at >= ?').get(token, this.#now() - TOKEN_LIFE_MS);
    if (known && known['payload'] !== payload) throw dynamoError('IdempotentParameterMismatchException', 'The token was used with other parameters within the last ten minutes');
    if (!known) database.prepare('INSERT OR REPLACE INTO token VALUES (?, ?, ?)').run(token, payload, this.#now());
    return known !== undefined;
  }

  #apply({ kind, prepared }: { readonly kind: string; readonly prepared: Prepared }): Reason {
    try {
      if (kind === 'ConditionCheck') this.#check(prepared);
      else this.#engine.perform(prepared);
      return { Code: 'None' };
    } catch (error) {
      if (!isDynamoError(error)) throw error;
      if (codeOf(error) !== 'ConditionalCheckFailedException') return { Code: 'ValidationError', Message: error.message || String(error.body.message) };
      return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...(error.body['Item'] !== undefined && { Item: error.body['Item'] }) };
    }
  }

  /** A condition without a write: a delete whose effect is undone at once. */
  #check(prepared: Prepared): void {
    const { database } = this.#engine.store;
    database.exec('SAVEPOINT checked');
    try {
      this.#engine.perform(prepared);
    } finally {
      database.exec('ROLLBACK TO checked; RELEASE checked');
    }
  }
}

/** Consumed capacity by table, if it was asked for. */
function told(input: Input, tables: ReadonlyMap<string, number>): Input {
  const asked = input['ReturnConsumedCapacity'];
  return asked === 'TOTAL' || asked === 'INDEXES' ? { ConsumedCapacity: [...tables].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits })) } : {};
}

function target(action: Input): { readonly kind: string; readonly request: Input } {
  const kinds = Object.keys(action).filter((kind) => action[kind] != null);
  const kind = kinds[0];
  if (kinds.length !== 1 || kind === undefined || !['Put', 'Update', 'Delete', 'ConditionCheck'].includes(kind)) {
    throw dynamoError('ValidationException', 'TransactItems can only contain one of Check, Put, Update or Delete');
  }
  return { kind, request: action[kind] as Input };
}
