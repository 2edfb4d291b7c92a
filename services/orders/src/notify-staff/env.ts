import * as z from 'zod/mini';
import { storeEnv } from '@orderflow/shared/workflow';

export const env = z.object({ ...storeEnv });
