import { serve } from '@orderflow/shared/lambda';
import { deps } from './deps.ts';
import { env } from './env.ts';
import { handle } from './handle.ts';

export const handler = serve({ env, deps, handle });
