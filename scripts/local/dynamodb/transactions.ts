import { hash } from 'node:crypto';
import { dynamoError, isDynamoError } from './engine.ts';
import type { Engine } from './engine.ts';
import type { Item } from './dynalite-types.ts';

type Input = Record<string, unknown>;

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
const MOST_ACTIONS = 100;
const TOKEN_LIFE_MS = 600_000;

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
    this.#checkActions(actions);
    this.#engine.store.transaction(() => {
      if (this.#isRepeat(input)) return;
      const failed = actions.map((action) => this.#apply(action));
      if (failed.every((reason) => reason.Code === 'None')) return;
      const codes = failed.map((reason) => reason.Code).join(', ');
      throw dynamoError('TransactionCanceledException', `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`, { CancellationReasons: failed });
    });
    const capacity = input['ReturnConsumedCapacity'];
    if (capacity === undefined || capacity === 'NONE') return {};
    const tables = new Map<string, number>();
    for (const action of actions) {
      const table = String(target(action).request['TableName']);
      tables.set(table, (tables.get(table) ?? 0) + 2);
    }
    return { ConsumedCapacity: [...tables].map(([TableName, CapacityUnits]) => ({ TableName, CapacityUnits })) };
  }

  read(input: Input): Input {
    const gets = ((input['TransactItems'] ?? []) as readonly Input[]).map((one) => one['Get'] as Input | undefined);
    if (gets.length === 0 || gets.length > MOST_ACTIONS || gets.some((get) => !get)) throw dynamoError('ValidationException', `TransactItems must be 1 to ${MOST_ACTIONS} Gets`);
    return {
      Responses: gets.map((get) => {
        const { Item: item } = this.#engine.run('GetItem', { ...get, ConsistentRead: true });
        return item === undefined ? {} : { Item: item };
      }),
    };
  }

  forgetTokens(): void {
    this.#engine.store.database.prepare('DELETE FROM token WHERE at < ?').run(this.#now() - TOKEN_LIFE_MS);
  }

  #checkActions(actions: readonly Input[]): void {
    if (actions.length === 0 || actions.length > MOST_ACTIONS) throw dynamoError('ValidationException', `TransactItems must have 1 to ${MOST_ACTIONS} actions, not ${actions.length}`);
    const seen = new Set<string>();
    for (const action of actions) {
      const { request } = target(action);
      const table = this.#engine.table(String(request['TableName']));
      const key = (request['Key'] ?? request['Item'] ?? {}) as Item;
      if (table.KeySchema.some((element) => key[element.AttributeName] == null)) throw dynamoError('ValidationException', 'The provided key element does not match the schema');
      const id = `${table.TableName}/${this.#engine.db.createKey(key, table)}`;
      if (seen.has(id)) throw dynamoError('ValidationException', 'Transaction request cannot include multiple operations on one item');
      seen.add(id);
    }
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

  #apply(action: Input): Reason {
    const { kind, request } = target(action);
    try {
      if (kind === 'ConditionCheck') this.#check(request);
      else this.#engine.runInside(kind === 'Put' ? 'PutItem' : kind === 'Delete' ? 'DeleteItem' : 'UpdateItem', request);
      return { Code: 'None' };
    } catch (error) {
      if (!isDynamoError(error)) throw error;
      if (!error.body.__type.endsWith('#ConditionalCheckFailedException')) return { Code: 'ValidationError', Message: error.message || String(error.body.message) };
      return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...(error.body['Item'] !== undefined && { Item: error.body['Item'] }) };
    }
  }

  /** A condition without a write: a delete whose effect is undone at once. */
  #check(request: Input): void {
    const { database } = this.#engine.store;
    database.exec('SAVEPOINT checked');
    try {
      this.#engine.runInside('DeleteItem', request);
    } finally {
      database.exec('ROLLBACK TO checked; RELEASE checked');
    }
  }
}

function target(action: Input): { readonly kind: string; readonly request: Input } {
  const kinds = Object.keys(action).filter((kind) => action[kind] != null);
  const kind = kinds[0];
  if (kinds.length !== 1 || kind === undefined || !['Put', 'Update', 'Delete', 'ConditionCheck'].includes(kind)) {
    throw dynamoError('ValidationException', 'TransactItems can only contain one of Check, Put, Update or Delete');
  }
  return { kind, request: action[kind] as Input };
}
