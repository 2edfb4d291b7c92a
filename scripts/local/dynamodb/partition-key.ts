import type { DynamoDb } from './operations.ts';

interface Keyed { readonly KeySchema: readonly { readonly AttributeName: string }[] }

/** Name of the partition key of a table, or of one of its indexes; undefined where there is none such. */
export function partitionKeyOf(dynamodb: Pick<DynamoDb, 'run'>, tableNameOrArn: string, indexName?: string): string | undefined {
  try {
    const { Table } = dynamodb.run('DescribeTable', { TableName: tableNameOrArn.replace(/^.*:table\//, '') }) as { Table: Keyed & { readonly GlobalSecondaryIndexes?: readonly (Keyed & { IndexName: string })[]; readonly LocalSecondaryIndexes?: readonly (Keyed & { IndexName: string })[] } };
    const keyed = indexName === undefined ? Table : [...(Table.GlobalSecondaryIndexes ?? []), ...(Table.LocalSecondaryIndexes ?? [])].find((index) => index.IndexName === indexName);
    return keyed?.KeySchema[0]?.AttributeName;
  } catch {
    return undefined; // the operation itself says that there is no such table
  }
}
