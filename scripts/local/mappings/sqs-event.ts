import type { QueueMessage } from '../storage/front.ts';
import type { MappingDefinition } from './mapping.ts';

interface Attribute {
  readonly DataType?: string;
  readonly StringValue?: string;
  readonly BinaryValue?: unknown;
}

/** As functions see them: lower case, and lists that are always there. */
const attributeShape = ({ DataType, StringValue, BinaryValue }: Attribute): object => ({
  ...(StringValue !== undefined && { stringValue: StringValue }),
  ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
  stringListValues: [], binaryListValues: [], dataType: DataType,
});

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
export const messageRecord = (mapping: MappingDefinition, region: string, message: QueueMessage): Readonly<Record<string, unknown>> => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: message.attributes,
  messageAttributes: Object.fromEntries(Object.entries(message.messageAttributes).map(([name, value]) => [name, attributeShape(value as Attribute)])),
  md5OfBody: message.md5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN: mapping.sourceArn,
  awsRegion: region,
});

/** An upper estimate of what a message adds to the event; JSON may double quotes and control characters. */
export const messageBytes = (message: QueueMessage): number => Buffer.byteLength(JSON.stringify(message.body)) + Buffer.byteLength(JSON.stringify(message.messageAttributes)) + 1200;
