import * as z from 'zod/mini';
import { mailEnv, storeEnv } from '@orderflow/shared/workflow';

export const env = z.object({ ...storeEnv, ...mailEnv });
