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
  readonly bodies: Bodies;
  close(): void;
}

export function openObjectStorage(folder: string): ObjectStorage {
  const bodies = new Bodies(join(folder, 'bodies'));
  const database = new DatabaseSync(join(folder, 'objects.db'));
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON');
  const buckets = new Buckets(database);
  const objects = new Objects(database, bodies, buckets);
  const uploads = new Uploads(database, bodies, objects);
  bodies.sweep(database.prepare('SELECT files FROM object WHERE files IS NOT NULL UNION SELECT files FROM part').all().map((row) => row['files'] as string));
  return { buckets, objects, uploads, bodies, close: () => { database.close(); } };
}
