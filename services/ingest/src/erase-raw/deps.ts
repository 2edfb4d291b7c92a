import type * as z from 'zod/mini';
import { accountsOf } from '@orderflow/shared/accounts';
import { s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { s3Objects } from '@orderflow/shared/stream';
import { s3ArchiveStore } from '../archive/store.ts';
import { s3QuarantineStore } from '../replay/store.ts';
import type { environment } from './env.ts';
import type { EraseRaw } from './handle.ts';

export const deps = (env: z.infer<typeof environment>, tools: Tools): EraseRaw => ({
  accounts: accountsOf(env.STAGE),
  archive: s3ArchiveStore(s3Client(), env.ARCHIVE_BUCKET),
  quarantine: { ...s3QuarantineStore(s3Client(), env.QUARANTINE_BUCKET), put: (key, body) => s3Objects(s3Client()).put(env.QUARANTINE_BUCKET, key, body) },
  log: tools.log,
});
