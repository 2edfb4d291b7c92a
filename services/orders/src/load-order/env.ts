import * as z from 'zod/mini';
import { factsEnv, storeEnv } from '@orderflow/shared/workflow';

export const env = z.object({ ...storeEnv, ...factsEnv });
