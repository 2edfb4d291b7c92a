import { Engine, dynamoError, isDynamoError } from './engine.ts';
import { TableSettings } from './time-to-live.ts';
import { Transactions } from './transactions.ts';

type Document = Record<string, unknown>;

export interface DynamoDb {
  /** Answers an operation's output. Throws `DynamoError`. */
  run(operation: string, input: Document): Document;
  /** Deletes expired items; answers how many. */
  expire(): Promise<number>;
  forgetTokens(): void;
  close(): void;
}

/** DynamoDB: dynalite's operations, and those that it lacks. */
export function openDynamoDb(file: string, from: string, now: () => number = Date.now): DynamoDb {
  const engine = new Engine(file, from);
  const transactions = new Transactions(engine, now);
  const settings = new TableSettings(engine, now);
  const own: Readonly<Record<string, (input: Document) => Document>> = {
    TransactWriteItems: (input) => transactions.write(input),
    TransactGetItems: (input) => transactions.read(input),
    UpdateTimeToLive: (input) => settings.updateTimeToLive(input),
    DescribeTimeToLive: (input) => settings.describeTimeToLive(input),
    UpdateContinuousBackups: (input) => settings.updateContinuousBackups(input),
    DescribeContinuousBackups: (input) => settings.describeContinuousBackups(input),
    DescribeEndpoints: () => ({ Endpoints: [{ Address: 'dynamodb.eu-west-1.amazonaws.com', CachePeriodInMinutes: 1440 }] }),
    DescribeLimits: () => ({ AccountMaxReadCapacityUnits: 80_000, AccountMaxWriteCapacityUnits: 80_000, TableMaxReadCapacityUnits: 40_000, TableMaxWriteCapacityUnits: 40_000 }),
    CreateTable: (input) => {
      const { Tags: tags, ...rest } = input;
      const output = engine.run('CreateTable', rest);
      const { TableArn } = output['TableDescription'] as Document;
      if (Array.isArray(tags) && tags.length > 0) engine.run('TagResource', { ResourceArn: TableArn, Tags: tags });
      return output;
    },
    DeleteTable: (input) => {
      const { Table: table } = engine.run('DescribeTable', input) as { Table: Document };
      engine.store.dropTable(String(input['TableName']));
      return { TableDescription: { ...table, TableStatus: 'DELETING' } };
    },
    DescribeTable: (input) => {
      const { Table: table } = engine.run('DescribeTable', input) as { Table: Document };
      const { items, bytes } = engine.store.count(String(table['TableName']));
      return { Table: { ...table, ItemCount: items, TableSizeBytes: bytes } };
    },
  };
  return {
    run(operation, input) {
      const mine = Object.hasOwn(own, operation) ? own[operation] : undefined;
      if (mine) return mine(input);
      if (engine.has(operation)) return engine.run(operation, input);
      process.stderr.write(`local cloud: dynamodb has no operation ${operation || '(none named)'}\n`);
      throw Object.assign(dynamoError('UnknownOperationException', `${operation} is not implemented by the local cloud`), { body: { __type: 'com.amazon.coral.service#UnknownOperationException', message: `${operation} is not implemented by the local cloud` } });
    },
    expire: () => settings.expire(),
    forgetTokens: () => transactions.forgetTokens(),
    close: () => engine.store.close(),
  };
}

/** Status and body of an error; what is not DynamoDB's own is a fault of ours. */
export function errorAnswer(error: unknown): { readonly status: number; readonly body: Document } {
  if (isDynamoError(error)) return { status: error.statusCode, body: error.body };
  process.stderr.write(`local cloud: dynamodb: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return { status: 500, body: { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: 'internal fault of the local cloud' } };
}
