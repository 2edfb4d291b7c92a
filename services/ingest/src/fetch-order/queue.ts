import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { QueuePort } from './ports.ts';

/** Messages of SQS. The queue's address is made of its ARN; its host is not asked (clients.ts). */
export const sqsMessages = (client: Pick<SQSClient, 'send'>): QueuePort => ({
  async hide(queueArn, ReceiptHandle, VisibilityTimeout) {
    const [, , , region = '', account = '', name = ''] = queueArn.split(':');
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
  },
});
