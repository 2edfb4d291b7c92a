import { InvokeCommand } from '@aws-sdk/client-lambda';
import { lambdaClient } from '@orderflow/shared/aws';

/** Starts the loader without waiting for it; its schedule is the safety net. */
export const wakeLoader = (FunctionName: string) => async (): Promise<void> => {
  await lambdaClient().send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: '{"reason":"landed"}' }));
};
