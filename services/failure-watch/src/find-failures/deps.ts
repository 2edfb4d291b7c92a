import { DescribeExecutionCommand, ExecutionDoesNotExist, type SFNClient } from '@aws-sdk/client-sfn';
import { ListSubscriptionsByTopicCommand, type SNSClient } from '@aws-sdk/client-sns';
import { documentClient, s3Client, sfnClient, snsClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { snsNotifier } from '@orderflow/shared/notices';
import { storeOf } from '@orderflow/shared/workflow';
import type * as z from 'zod/mini';
import type { StatusOf } from '../find/executions.ts';
import { s3Lister } from '../find/objects.ts';
import { dynamoWatchTable } from '../watch-table.ts';
import type { env } from './env.ts';
import type { Deps } from './handle.ts';

const executionStatus = (client: SFNClient): StatusOf => async (executionArn) => {
  try {
    return (await client.send(new DescribeExecutionCommand({ executionArn }))).status;
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
};

const confirmedListeners = (client: SNSClient, topic: string) => async (): Promise<number> => {
  const answer = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
  return (answer.Subscriptions ?? []).filter(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:')).length;
};

export const deps = (variables: z.output<typeof env>, tools: Tools): Deps => ({
  ...tools,
  stage: variables.STAGE,
  store: storeOf(variables, tools),
  table: dynamoWatchTable(documentClient(), variables.WATCH_TABLE),
  statusOf: executionStatus(sfnClient()),
  list: s3Lister(s3Client()),
  buckets: { failures: variables.STREAM_FAILURES_BUCKET, quarantine: variables.QUARANTINE_BUCKET },
  staff: snsNotifier(snsClient(), { alerts: variables.ALERTS_TOPIC }),
  listeners: confirmedListeners(snsClient(), variables.ALERTS_TOPIC),
});
