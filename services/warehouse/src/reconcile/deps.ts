import { InvokeCommand } from '@aws-sdk/client-lambda';
import { documentClient, patientLambdaClient, redshiftDataClient, s3Client, snsClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { snsNotifier } from '@orderflow/shared/notices';
import { DynamoStore, OversizeLines } from '@orderflow/shared/store';
import { s3Objects } from '@orderflow/shared/stream';
import type * as z from 'zod/mini';
import { s3Staging } from '../landed/staging.ts';
import { dataApi } from '@orderflow/shared/aws';
import { accountsAnswer, saidAnswer } from './ask-sources.ts';
import type { env } from './env.ts';
import type { Reconcile } from './handle.ts';
import { tallied } from './tally-hours.ts';

/** Invokes a function and waits for what it says. @throws Error where it fails */
async function answerOf(FunctionName: string, input: object): Promise<unknown> {
  const reply = await patientLambdaClient().send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(input)) }));
  if (reply.FunctionError !== undefined) throw new Error(`${FunctionName} failed; its log says why`);
  return JSON.parse(Buffer.from(reply.Payload ?? []).toString('utf8')) as unknown;
}

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
  tally: async (input) => tallied.parse(await answerOf(variables.TALLY_FUNCTION, input)),
  sources: {
    accounts: async () => accountsAnswer.parse(await answerOf(variables.ASK_FUNCTION, { accounts: true })).accounts,
    ask: async (input) => saidAnswer.parse(await answerOf(variables.ASK_FUNCTION, input)),
  },
  alert: (notice) => snsNotifier(snsClient(), { alerts: variables.ALERTS_TOPIC }).notify('alerts', notice),
  stage: variables.STAGE,
});
