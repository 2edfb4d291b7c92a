import { redshiftDataClient, warehouseReader } from '@orderflow/shared/aws';
import type { env } from './env.ts';
import type * as z from 'zod/mini';
import type { Deps } from './handle.ts';

export const deps = ({ WORKGROUP, DATABASE }: z.output<typeof env>): Deps => ({
  warehouse: warehouseReader(redshiftDataClient(), { workgroup: WORKGROUP, database: DATABASE }),
});
