import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Bodies } from './bodies.ts';
import { Buckets } from './buckets.ts';
import { Objects } from './objects.ts';
import { Uploads } from './uploads.ts';

/** S3's data: rows in one database, large bodies in files beside it. */
export interface ObjectStorage {
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly uploads: Uploads;
  close(): void;
}

export function openObjectStorage(folder: string): ObjectStorage {
  const bodies = new Bodies(join(folder, 'bodies'));
  const database = new DatabaseSync(join(folder, 's3.db'));
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON');
  const buckets = new Buckets(database);
  const objects = new Objects(database, bodies, buckets);
  const uploads = new Uploads(database, bodies, objects);
  bodies.sweep(new Set(database.prepare('SELECT file FROM object WHERE file IS NOT NULL UNION SELECT file FROM part').all().map((row) => row['file'] as string)));
  return { buckets, objects, uploads, close: () => { database.close(); } };
}
