import { randomUUID } from 'node:crypto';
import type { Destinations } from '../destinations.ts';
import type { AsyncQueuePorts } from './async-queue.ts';
import { functionNameOf } from './runtime.ts';

/** `aws/lambda/async/<function>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<uuid>` */
export function objectKey(functionName: string, timestamp: string): string {
  const [day = '', time = ''] = timestamp.split('T');
  return `aws/lambda/async/${functionName}/${day.replaceAll('-', '/')}/${day}T${time.slice(0, 8).replaceAll(':', '.')}-${randomUUID()}`;
}

/** What a bus is sent. */
export interface OutcomeEvent { readonly source: 'lambda'; readonly 'detail-type': string; readonly resources: string[]; readonly detail: unknown }

/**
 * How the outcome of an asynchronous invocation is sent to each kind of destination.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function lambdaOutcomes(destinations: Destinations, putEvent: (busArn: string, event: OutcomeEvent, as: string) => Promise<void>): AsyncQueuePorts {
  return {
    async send(destination, record, definition) {
      const { functionArn, condition } = record.requestContext;
      if (destination.includes(':s3:')) {
        await destinations.putObject(destination, objectKey(functionNameOf(definition.arn), record.timestamp), JSON.stringify(record), definition.accessKeyId);
      } else if (destination.includes(':events:')) {
        await putEvent(destination, { source: 'lambda', 'detail-type': `Lambda Function Invocation Result - ${condition === 'Success' ? 'Success' : 'Failure'}`, resources: [destination, functionArn], detail: record }, definition.accessKeyId);
      } else await destinations.deliver(destination, JSON.stringify(record), { as: definition.accessKeyId });
    },
    async bury(target, payload, letter, definition) {
      const text = (StringValue: string, DataType = 'String') => ({ DataType, StringValue });
      await destinations.deliver(target, payload, {
        as: definition.accessKeyId,
        attributes: { RequestID: text(letter.RequestID), ErrorCode: text(letter.ErrorCode, 'Number'), ErrorMessage: text(letter.ErrorMessage) },
      });
    },
  };
}
