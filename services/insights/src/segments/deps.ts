import { dataApi, redshiftDataClient, warehouseReader } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import type * as z from 'zod/mini';
import type { env } from './env.ts';
import type { Segments } from './handle.ts';

export const deps = ({ WORKGROUP: workgroup, DATABASE: database }: z.output<typeof env>, { log }: Tools): Segments => ({
  warehouse: dataApi(redshiftDataClient(), { workgroup, database }), reader: warehouseReader(redshiftDataClient(), { workgroup, database }, 240_000), log,
});
