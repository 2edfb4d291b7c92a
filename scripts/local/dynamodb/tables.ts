import type { Engine } from './engine.ts';
import { dynamoError } from './dynamo-error.ts';
import type { Index, Item, KeySchemaElement, Table } from './dynalite-types.ts';
import { indexEntries } from './query-table.ts';
import { changeSettings, readSettings } from './table-settings.ts';

type Document = Record<string, unknown>;
interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: string;
}
type StoredTable = Table & { AttributeDefinitions: AttributeDefinition[]; ProvisionedThroughput?: Document; BillingModeSummary?: Document; TableThroughputModeSummary?: Document };

const invalid = (message: string): Error => dynamoError('ValidationException', message);

/** CreateTable, UpdateTable, DeleteTable and DescribeTable, with what dynalite does not know: indexes that come and go, protection, encryption. */
export class Tables {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  create(input: Document): Document {
    const { Tags: tags, DeletionProtectionEnabled, SSESpecification, TableClass, StreamSpecification, ...rest } = input;
    refuseStream(StreamSpecification);
    return this.#engine.store.transaction(() => {
      const { TableDescription } = this.#engine.runInside('CreateTable', rest) as { TableDescription: Document };
      if (Array.isArray(tags) && tags.length > 0) this.#engine.runInside('TagResource', { ResourceArn: TableDescription['TableArn'], Tags: tags });
      this.#set(input, { DeletionProtectionEnabled, SSESpecification, TableClass });
      return { TableDescription: { ...this.#described(TableDescription), TableStatus: 'CREATING' } };
    });
  }

  describe(input: Document): Document {
    const { Table: table } = this.#engine.run('DescribeTable', input) as { Table: Document };
    const { items, bytes } = this.#engine.store.count(String(table['TableName']));
    return { Table: { ...this.#described(table), ItemCount: items, TableSizeBytes: bytes } };
  }

  remove(input: Document): Document {
    const { Table: table } = this.describe(input) as { Table: Document };
    if (table['DeletionProtectionEnabled'] === true) throw invalid(`Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`);
    this.#engine.store.dropTable(String(input['TableName']));
    return { TableDescription: { ...table, TableStatus: 'DELETING' } };
  }

  update(input: Document): Document {
    const { TableName, AttributeDefinitions, BillingMode, ProvisionedThroughput, GlobalSecondaryIndexUpdates, DeletionProtectionEnabled, SSESpecification, TableClass, StreamSpecification, ...unknown } = input;
    const extra = Object.keys(unknown).find((name) => unknown[name] != null);
    if (extra !== undefined) throw this.#engine.unsupported('UpdateTable', extra);
    refuseStream(StreamSpecification);
    const name = String(TableName);
    const updates = (GlobalSecondaryIndexUpdates ?? []) as Document[];
    if ([BillingMode, ProvisionedThroughput, DeletionProtectionEnabled, SSESpecification, TableClass].every((one) => one == null) && updates.length === 0) {
      throw invalid('At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required');
    }
    return this.#engine.store.transaction(() => {
      const table = this.#engine.tableToChange(name) as StoredTable;
      this.#bill(table, BillingMode as string | undefined, ProvisionedThroughput as Document | undefined);
      const changing = updates.filter((update) => update['Create'] ?? update['Delete']);
      if (changing.length > 1) throw dynamoError('LimitExceededException', 'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table');
      for (const update of updates) this.#changeIndex(table, update, (AttributeDefinitions ?? []) as AttributeDefinition[]);
      this.#engine.store.putTable(table);
      this.#set(input, { DeletionProtectionEnabled, SSESpecification, TableClass });
      return { TableDescription: { ...(this.describe({ TableName })['Table'] as Document), TableStatus: 'UPDATING' } };
    });
  }

  #bill(table: StoredTable, mode: string | undefined, throughput: Document | undefined): void {
    const now = (table.BillingModeSummary?.['BillingMode'] as string | undefined) ?? 'PROVISIONED';
    const next = mode ?? now;
    if (next !== 'PROVISIONED' && next !== 'PAY_PER_REQUEST') throw invalid(`1 validation error detected: Value '${next}' at 'billingMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]`);
    if (next === 'PAY_PER_REQUEST' && throughput) throw invalid('One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST');
    if (next === 'PROVISIONED' && now !== next && !throughput) throw invalid('One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED');
    if (mode !== undefined && next !== now) {
      table.BillingModeSummary = { BillingMode: next, ...(next === 'PAY_PER_REQUEST' && { LastUpdateToPayPerRequestDateTime: Date.now() / 1000 }) };
      table.TableThroughputModeSummary = { TableThroughputMode: next };
    }
    if (next === 'PAY_PER_REQUEST' && mode !== undefined) table.ProvisionedThroughput = { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
    if (throughput) table.ProvisionedThroughput = { NumberOfDecreasesToday: 0, ReadCapacityUnits: throughput['ReadCapacityUnits'], WriteCapacityUnits: throughput['WriteCapacityUnits'] };
  }

  #changeIndex(table: StoredTable, update: Document, definitions: readonly AttributeDefinition[]): void {
    const { store } = this.#engine;
    const indexes = table.GlobalSecondaryIndexes ?? [];
    const [removed, made, changed] = [update['Delete'], update['Create'], update['Update']] as (Document | undefined)[];
    const find = (name: unknown): Index => {
      const found = indexes.find((one) => one.IndexName === name);
      if (!found) throw dynamoError('ResourceNotFoundException', 'Requested resource not found');
      return found;
    };
    if (changed) Object.assign(find(changed['IndexName']), { ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...(changed['ProvisionedThroughput'] as Document) } });
    if (removed) {
      const gone = find(removed['IndexName']);
      store.deleteIndexDb('global', table.TableName, gone.IndexName, () => undefined);
      const left = indexes.filter((one) => one !== gone);
      if (left.length > 0) Object.assign(table, { GlobalSecondaryIndexes: left });
      else Reflect.deleteProperty(table, 'GlobalSecondaryIndexes');
      const used = new Set([table, ...left, ...(table.LocalSecondaryIndexes ?? [])].flatMap((one) => one.KeySchema.map((key) => key.AttributeName)));
      table.AttributeDefinitions = table.AttributeDefinitions.filter((one) => used.has(one.AttributeName));
    }
    if (!made) return;
    const { IndexName, KeySchema, Projection } = made as unknown as { IndexName: string; KeySchema: readonly KeySchemaElement[]; Projection: Index['Projection'] };
    if (indexes.some((one) => one.IndexName === IndexName)) throw invalid(`Attempting to create an index which already exists`);
    const known = new Map([...table.AttributeDefinitions, ...definitions].map((one) => [one.AttributeName, one]));
    if (KeySchema.some((key) => !known.has(key.AttributeName))) throw invalid('One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions.');
    if (KeySchema[0]?.KeyType !== 'HASH' || KeySchema.length > 2) throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
    table.AttributeDefinitions = [...table.AttributeDefinitions, ...definitions.filter((one) => !table.AttributeDefinitions.some((old) => old.AttributeName === one.AttributeName))];
    const index = { ...made, IndexName, KeySchema, Projection, IndexArn: `arn:aws:dynamodb:eu-west-1:000000000000:table/${table.TableName}/index/${IndexName}`, IndexSizeBytes: 0, ItemCount: 0, ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0, ...(made['ProvisionedThroughput'] as Document | undefined) } };
    Object.assign(table, { GlobalSecondaryIndexes: [...indexes, index] });
    const space = store.getIndexDb('global', table.TableName, IndexName);
    for (const item of store.getItemDb(table.TableName).createValueStream() as Item[]) {
      const entry = indexEntries(this.#engine.db, index, table, item);
      if (entry) space.put(entry.key, entry.value, () => undefined);
    }
  }

  #set(input: Document, { DeletionProtectionEnabled: protection, SSESpecification: encryption, TableClass: tableClass }: Document): void {
    if (protection == null && encryption == null && tableClass == null) return;
    changeSettings(this.#engine, input['TableName'], (settings) => {
      if (typeof protection === 'boolean') settings.deletionProtection = protection;
      if (encryption != null) settings.encrypted = (encryption as { Enabled?: boolean }).Enabled === true;
      if (typeof tableClass === 'string') settings.tableClass = tableClass;
    });
  }

  #described(table: Document): Document {
    const { deletionProtection = false, encrypted = false, tableClass } = readSettings(this.#engine, table['TableName']);
    return {
      ...table, DeletionProtectionEnabled: deletionProtection, ...(tableClass !== undefined && { TableClassSummary: { TableClass: tableClass } }),
      ...(encrypted && { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: 'arn:aws:kms:eu-west-1:000000000000:key/aws-dynamodb' } }),
    };
  }
}

function refuseStream(specification: unknown): void {
  if ((specification as { StreamEnabled?: boolean } | undefined)?.StreamEnabled !== true) return;
  process.stderr.write('local cloud: dynamodb has no streams\n');
  throw invalid('StreamSpecification: the local cloud has no DynamoDB streams');
}
