import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { names, type Stage } from './stage.ts';

/** Where a run's file lies in the intake bucket. */
export const keyOf = (account: string, run: string, file: string): string =>
  `file-drop/${encodeURIComponent(account)}/${run}/${basename(file).replace(/[^\w.-]/g, '_')}`;

/** Puts the file, and before it what says how to read it, into the intake bucket; does nothing if it is there. */
export async function drop({ s3 }: Stage, key: string, file: string, sidecar: { readonly mapping?: unknown; readonly live: boolean }): Promise<void> {
  const Bucket = names.bucket('intake');
  const there = await s3.send(new HeadObjectCommand({ Bucket, Key: key })).then(() => true, () => false);
  if (there) return;
  await s3.send(new PutObjectCommand({ Bucket, Key: `${key}.mapping.json`, Body: JSON.stringify(sidecar), ContentType: 'application/json' }));
  await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: createReadStream(file), ContentLength: statSync(file).size }));
}

/** How far the reader says it is. */
export interface Reading {
  readonly status: 'RUNNING' | 'DONE' | 'FAILED' | undefined;
  readonly documents: number;
  readonly rows: number;
  readonly unknownCodes: Readonly<Record<string, number>>;
  readonly message: string | undefined;
}

export async function readingOf({ dynamodb }: Stage, key: string): Promise<Reading> {
  const { Item: item } = await dynamodb.send(new GetCommand({ TableName: names.cursors, Key: { pk: `file#${key}` }, ConsistentRead: true }));
  const counts = (item?.['counts'] ?? {}) as Partial<Reading>;
  return {
    status: item?.['status'] as Reading['status'], documents: counts.documents ?? 0, rows: counts.rows ?? 0,
    unknownCodes: counts.unknownCodes ?? {}, message: item?.['message'] as string | undefined,
  };
}
