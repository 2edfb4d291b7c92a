export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Record<string, AttributeValue>;

export interface KeySchemaElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

export interface Index {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
}

export interface Table {
  readonly TableName: string;
  TableStatus: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly GlobalSecondaryIndexes?: Index[];
  readonly LocalSecondaryIndexes?: Index[];
}

export type Callback<T = unknown> = (error: unknown, value?: T) => void;

/** Bounds of a scan over keys; `limit` -1 = none. */
export interface Range {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** What decides how a request's consumed capacity is told. */
export interface CapacityInput {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly ReturnConsumedCapacity?: string;
  readonly ConsistentRead?: boolean;
}

/** The functions of dynalite's db module that its actions call through its exports, so that they can be replaced. */
export interface DynaliteDb {
  createKey(item: object, table: Table, keySchema?: readonly KeySchemaElement[]): string;
  createIndexKey(item: object, table: Table, keySchema: readonly KeySchemaElement[]): string;
  updateIndexes(store: object, table: Table, before: Item | undefined, after: Item | undefined, done: Callback): void;
  queryTable(store: object, table: Table, input: QueryInput, range: Range, isLocal: boolean, fromTable: boolean, startKeyNames: readonly string[], done: Callback): void;
  lazy(values: readonly unknown[]): unknown;
  checkConditional(input: { readonly _condition?: { readonly expression: unknown } }, item: Item | undefined): Error | null | undefined;
  matchesExprFilter(item: Item, expression: unknown): boolean;
  matchesFilter(item: Item, filter: unknown, operator: unknown): boolean;
  mapPaths(paths: unknown, item: Item): Item;
  validateKey(key: object, table: Table): Error | null | undefined;
  validateUpdates(attributeUpdates: object | undefined, expressionUpdates: object | undefined, table: Table): Error | null | undefined;
  toLexiStr(value: string, type: string): string;
  itemSize(item: Item): number;
  addConsumedCapacity(input: CapacityInput, isRead: boolean, item?: Item, other?: Item): object | undefined;
}

/** A Query or Scan that dynalite has validated and parsed. */
export interface QueryInput extends CapacityInput {
  readonly Limit?: number;
  readonly Select?: string;
  readonly AttributesToGet?: unknown;
  readonly QueryFilter?: unknown;
  readonly ScanFilter?: unknown;
  readonly ConditionalOperator?: unknown;
  readonly _filter?: { readonly expression: unknown };
  readonly _projection?: { readonly paths: unknown };
}
