import type * as z from 'zod/mini';
import type { Tools } from '@orderflow/shared/lambda';
import type { IntakeDeps } from '../intake/ports.ts';
import { seldomLog } from '../intake/seldom-log.ts';
import { intakeOnAws, publishedOnAws } from '../intake/wire.ts';
import type { environment } from './env.ts';

export interface ReceiveDeps extends IntakeDeps {
  readonly publicUrl: string | undefined;
}

/** One request at a time: nothing to wait for, so no lingering. */
export const deps = (env: z.infer<typeof environment>, tools: Tools): ReceiveDeps => ({
  ...intakeOnAws(env, { ...tools, log: seldomLog(tools.log, tools.clock) }, { lingerMs: 0, patience: 'brief' }),
  published: publishedOnAws(env, tools),
  publicUrl: env.PUBLIC_URL,
});
