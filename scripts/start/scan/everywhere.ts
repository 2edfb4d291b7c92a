import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, ListBucketsCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { names, type Stage } from '../stage.ts';

const textOf = (body: Uint8Array): string => {
  const packed = body[0] === 0x1f && body[1] === 0x8b;
  return Buffer.from(packed ? gunzipSync(body) : body).toString('utf8');
};

/** Where any of these words stands: objects of every bucket, items in flight, rows of every table of the warehouse. */
export async function everywhere({ s3, dynamodb: documents, warehouse }: Stage, words: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const look = (where: string, text: string): void => {
    if (words.some((word) => text.includes(word))) found.push(where);
  };
  for (const { Name: Bucket } of (await s3.send(new ListBucketsCommand({}))).Buckets ?? []) {
    for await (const { Contents: objects = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
      for (const { Key } of objects) {
        const { Body: body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        look(`s3://${Bucket ?? ''}/${Key ?? ''}`, textOf(await (body?.transformToByteArray() ?? new Uint8Array())));
      }
    }
  }
  for await (const { Items: items = [] } of paginateScan({ client: documents }, { TableName: names.inFlight })) {
    for (const item of items) look(`in flight ${String(item['pk'])} ${String(item['sk'])}`, JSON.stringify(item));
  }
  for await (const [table] of warehouse.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1")) {
    for await (const row of warehouse.query(`SELECT * FROM ${String(table)}`)) look(`table ${String(table)}`, JSON.stringify(row));
  }
  return found;
}
