import { redshiftDataClient, warehouseReader } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import type * as z from 'zod/mini';
import type { env } from './env.ts';
import type { Deps } from './handle.ts';

export const deps = ({ WORKGROUP, DATABASE }: z.output<typeof env>, { clock }: Tools): Deps => ({
  clock,
  // within the function's 29 s, which are the HTTP API's own limit
  warehouse: warehouseReader(redshiftDataClient(), { workgroup: WORKGROUP, database: DATABASE }, 25_000),
});
