import { InvokeCommand } from '@aws-sdk/client-lambda';
import { documentClient, patientLambdaClient, redshiftDataClient, s3Client, snsClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { snsNotifier } from '@orderflow/shared/notices';
import { DynamoStore, OversizeLines } from '@orderflow/shared/store';
import { s3Objects } from '@orderflow/shared/stream';
import type * as z from 'zod/mini';
import { s3Staging } from '../landed/staging.ts';
import { dataApi } from '../load/data-api.ts';
import type { env } from './env.ts';
import type { Reconcile } from './handle.ts';
import { tallied } from './tally-hours.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): Reconcile => ({
  ...tools,
  warehouse: dataApi(redshiftDataClient(), { workgroup: variables.WORKGROUP, database: variables.DATABASE }),
  store: new DynamoStore({
    client: documentClient(), table: variables.TABLE, clock: tools.clock, newId: tools.newId,
    oversize: new OversizeLines(s3Objects(s3Client()), variables.STAGING_BUCKET),
  }),
  staging: s3Staging(s3Client(), variables.STAGING_BUCKET),
  quarantine: s3Staging(s3Client(), variables.QUARANTINE_BUCKET),
  copyRole: variables.COPY_ROLE,
  async tally(input) {
    const reply = await patientLambdaClient().send(new InvokeCommand({ FunctionName: variables.TALLY_FUNCTION, Payload: Buffer.from(JSON.stringify(input)) }));
    if (reply.FunctionError !== undefined) throw new Error(`${variables.TALLY_FUNCTION} failed for ${input.hour}; its log says why`);
    return tallied.parse(JSON.parse(Buffer.from(reply.Payload ?? []).toString('utf8')));
  },
  alert: (notice) => snsNotifier(snsClient(), { alerts: variables.ALERTS_TOPIC }).notify('alerts', notice),
  stage: variables.STAGE,
});
