import type { DynamoDb } from './operations.ts';

/** Name of the partition key of a table, or of one of its indexes; undefined where there is none such. */
export function partitionKeyOf(dynamodb: Pick<DynamoDb, 'table'>, tableNameOrArn: string, indexName?: string): string | undefined {
  try {
    const table = dynamodb.table(tableNameOrArn.replace(/^.*:table\//, ''));
    const keyed = indexName === undefined ? table : [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].find((index) => index.IndexName === indexName);
    return keyed?.KeySchema[0]?.AttributeName;
  } catch {
    return undefined; // the operation itself says that there is no such table
  }
}
