import { batchGet, batchWrite } from './batches.ts';
import type { FailingRequests } from './batches.ts';
import type { Table } from './dynalite-types.ts';
import { dynamoError, isDynamoError } from './dynamo-error.ts';
import { Engine } from './engine.ts';
import { Tables } from './tables.ts';
import { TimeToLive } from './time-to-live.ts';
import { Transactions } from './transactions.ts';

type Document = Record<string, unknown>;

export interface DynamoDb {
  /** Answers an operation's output. Throws `DynamoError`. */
  run(operation: string, input: Document, failing?: FailingRequests): Document;
  /** A table's description, from memory: nothing is counted. @throws DynamoError ResourceNotFoundException */
  table(name: string): Table;
  /** Deletes expired items; answers how many. */
  expire(): Promise<number>;
  forgetTokens(): void;
  close(): void;
}

/** DynamoDB: dynalite's operations, and those that it lacks. */
export function openDynamoDb(file: string, from: string, now: () => number = Date.now): DynamoDb {
  const engine = new Engine(file, from);
  const transactions = new Transactions(engine, now);
  const timeToLive = new TimeToLive(engine, now);
  const tables = new Tables(engine);
  const own: Readonly<Record<string, (input: Document, failing?: FailingRequests) => Document>> = {
    BatchWriteItem: (input, failing) => batchWrite(engine, input, failing),
    BatchGetItem: (input, failing) => batchGet(engine, input, failing),
    TransactWriteItems: (input) => transactions.write(input),
    TransactGetItems: (input) => transactions.read(input),
    UpdateTimeToLive: (input) => timeToLive.update(input),
    DescribeTimeToLive: (input) => timeToLive.describe(input),
    UpdateContinuousBackups: (input) => timeToLive.updateBackups(input),
    DescribeContinuousBackups: (input) => timeToLive.describeBackups(input),
    DescribeEndpoints: () => ({ Endpoints: [{ Address: 'dynamodb.eu-west-1.amazonaws.com', CachePeriodInMinutes: 1440 }] }),
    DescribeLimits: () => ({ AccountMaxReadCapacityUnits: 80_000, AccountMaxWriteCapacityUnits: 80_000, TableMaxReadCapacityUnits: 40_000, TableMaxWriteCapacityUnits: 40_000 }),
    CreateTable: (input) => tables.create(input),
    UpdateTable: (input) => tables.update(input),
    DeleteTable: (input) => tables.remove(input),
    DescribeTable: (input) => tables.describe(input),
  };
  return {
    run(operation, input, failing) {
      const mine = Object.hasOwn(own, operation) ? own[operation] : undefined;
      if (mine) return mine(input, failing);
      if (engine.has(operation)) return engine.run(operation, input);
      process.stderr.write(`local cloud: dynamodb has no operation ${operation || '(none named)'}\n`);
      throw Object.assign(dynamoError('UnknownOperationException', `${operation} is not implemented by the local cloud`), { body: { __type: 'com.amazon.coral.service#UnknownOperationException', message: `${operation} is not implemented by the local cloud` } });
    },
    table: (name) => engine.table(name),
    expire: () => timeToLive.expire(),
    forgetTokens: () => transactions.forgetTokens(),
    close: () => engine.store.close(),
  };
}

/** Status and body of an error; what is not DynamoDB's own is a fault of ours. */
export function errorAnswer(error: unknown): { readonly status: number; readonly body: Document } {
  if (isDynamoError(error)) return { status: error.statusCode, body: error.body };
  if (error instanceof SyntaxError) return { status: 400, body: { __type: 'com.amazon.coral.service#SerializationException', Message: 'the request is no JSON document' } };
  process.stderr.write(`local cloud: dynamodb: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return { status: 500, body: { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: 'internal fault of the local cloud' } };
}
