import * as z from 'zod/mini';
import { quarantineEnv, storeEnv } from '@orderflow/shared/workflow';

export const env = z.object({ ...storeEnv, ...quarantineEnv });
