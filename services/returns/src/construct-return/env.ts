import * as z from 'zod/mini';
import { mailEnv, storeEnv, warehouseEnv } from '../wiring.ts';

export const env = z.object({ ...storeEnv, ...mailEnv, ...warehouseEnv });
