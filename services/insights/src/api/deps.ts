import { cloudWatchClient, redshiftDataClient, warehouseReader } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import type * as z from 'zod/mini';
import { messagesFrom } from '../pipeline/messages.ts';
import type { env } from './env.ts';
import type { Api } from './handle.ts';
import { routes } from './routes.ts';

export const deps = ({ WORKGROUP: workgroup, DATABASE: database, API_VERSION: version, STAGE }: z.output<typeof env>, { clock, log }: Tools): Api => ({
  // an HTTP API gives up after 30 seconds: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
  routes, warehouse: warehouseReader(redshiftDataClient(), { workgroup, database }, 20_000), messagesOf: messagesFrom(cloudWatchClient(), `orderflow-${STAGE}`), version, clock, log,
});
