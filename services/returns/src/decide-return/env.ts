import { modelEnv } from '@orderflow/shared/model';
import * as z from 'zod/mini';
import { storeEnv } from '../wiring.ts';

export const env = z.object({ ...modelEnv, SHADOW_ENDPOINT: z._default(z.string(), 'none'), ...storeEnv });
