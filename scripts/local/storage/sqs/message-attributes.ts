import { createHash } from 'node:crypto';
import { AwsError } from '../../service.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const MOST = 10;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const FORBIDDEN = /[^\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export const isMessageText = (text: string): boolean => !FORBIDDEN.test(text);

/** Names, types and values count towards a message's size, in bytes. */
export function sizeOf(body: string, attributes: MessageAttributes): number {
  let size = Buffer.byteLength(body);
  for (const [name, one] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(one.DataType) + (one.BinaryValue === undefined ? Buffer.byteLength(one.StringValue ?? '') : Buffer.from(one.BinaryValue, 'base64').length);
  }
  return size;
}

/** @throws AwsError InvalidParameterValue */
export function checkAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length > MOST) throw new AwsError('InvalidParameterValue', `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MOST}].`);
  for (const [name, one] of entries) {
    if (!/^(?!\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/.test(name) || /^(aws|amazon)\./i.test(name)) throw new AwsError('InvalidParameterValue', `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.`);
    if (!/^(String|Number|Binary)(\..+)?$/.test(one.DataType)) throw new AwsError('InvalidParameterValue', `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`);
    const given = one.DataType.startsWith('Binary') ? one.BinaryValue : one.StringValue;
    if (given === undefined || given === '') throw new AwsError('InvalidParameterValue', `The message (user) attribute '${name}' must contain a non-empty value of type ${one.DataType}.`);
    if (one.DataType.startsWith('Number') && !Number.isFinite(Number(given))) throw new AwsError('InvalidParameterValue', `Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const digest = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const name of names) {
    const one = attributes[name];
    if (!one) continue;
    add(Buffer.from(name));
    add(Buffer.from(one.DataType));
    digest.update(Buffer.from([one.BinaryValue === undefined ? 1 : 2]));
    add(one.BinaryValue === undefined ? Buffer.from(one.StringValue ?? '') : Buffer.from(one.BinaryValue, 'base64'));
  }
  return digest.digest('hex');
}
