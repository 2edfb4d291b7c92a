import { dataApi, redshiftDataClient } from '@orderflow/shared/aws';
import type * as z from 'zod/mini';
import type { env } from './env.ts';
import type { Products } from './handle.ts';

export const deps = ({ WORKGROUP: workgroup, DATABASE: database, LEAD_DAYS }: z.output<typeof env>): Products => ({
  warehouse: dataApi(redshiftDataClient(), { workgroup, database }), leadDays: Number(LEAD_DAYS),
});
