import type * as z from 'zod/mini';
import { accountsOf } from '@orderflow/shared/accounts';
import { s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { s3Objects } from '@orderflow/shared/stream';
import { s3ArchiveStore } from '../archive/store.ts';
import type { environment } from './env.ts';
import type { TallyDeps } from './handle.ts';

export const deps = (env: z.infer<typeof environment>, tools: Tools): TallyDeps => ({
  accounts: accountsOf(env.STAGE),
  archive: s3ArchiveStore(s3Client(), env.ARCHIVE_BUCKET),
  put: (key, body) => s3Objects(s3Client()).put(env.STAGING_BUCKET, key, body),
  log: tools.log,
});
