import type * as z from 'zod/mini';
import { accountsOf } from '@orderflow/shared/accounts';
import { s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { s3Objects } from '@orderflow/shared/stream';
import { vendorOnAws } from '../vendor/wire.ts';
import type { environment } from './env.ts';
import type { AskDeps } from './handle.ts';

export const deps = (env: z.infer<typeof environment>, tools: Tools): AskDeps => ({
  accounts: accountsOf(env.STAGE),
  vendor: vendorOnAws(env, tools),
  put: (key, body) => s3Objects(s3Client()).put(env.STAGING_BUCKET, key, body),
  newId: tools.newId, clock: tools.clock, log: tools.log,
});
