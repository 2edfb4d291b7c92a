import type * as z from 'zod/mini';
import { redshiftDataClient, warehouseReader } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { mailer, stepDeps } from '@orderflow/shared/workflow';
import { warehouseContacts } from '../contacts.ts';
import type { env } from './env.ts';
import type { Deps } from './handle.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): Deps => ({
  ...stepDeps(variables, tools),
  mailer: mailer(variables),
  contacts: warehouseContacts(warehouseReader(redshiftDataClient(), { workgroup: variables.WORKGROUP, database: variables.DATABASE }, 12_000)),
});
