import { xmlText } from '../errors.ts';

/** A message that a Publish or PublishBatch request has put on a topic. */
export interface Published {
  readonly topicArn: string;
  readonly messageId: string;
  readonly message: string;
  /** By protocol, when the publisher asked for it (`MessageStructure: json`); `default` is for the others. */
  readonly byProtocol?: Readonly<Record<string, string>>;
  readonly subject?: string;
  readonly attributes: Readonly<Record<string, { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string }>>;
}

type Form = Readonly<Record<string, string>>;

/** The messages of a request that succeeded, with the ids that its answer gave them; none for other actions. */
export function publishedIn(form: Form, answer: string): Published[] {
  const topicArn = form['TopicArn'] ?? '';
  if (form['Action'] === 'Publish') return [one(form, '', topicArn, /<MessageId>(.*?)<\/MessageId>/.exec(answer)?.[1] ?? '')];
  if (form['Action'] !== 'PublishBatch') return [];
  return Object.keys(form).flatMap((name) => {
    const prefix = /^(PublishBatchRequestEntries\.member\.\d+\.)Id$/.exec(name)?.[1];
    if (prefix === undefined) return [];
    const messageId = new RegExp(`<Id>${xmlText(form[name] ?? '')}</Id><MessageId>(.*?)</MessageId>`).exec(answer)?.[1];
    return messageId === undefined ? [] : [one(form, prefix, topicArn, messageId)];
  });
}

function one(form: Form, prefix: string, topicArn: string, messageId: string): Published {
  const attributes: Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }> = {};
  for (let i = 1; form[`${prefix}MessageAttributes.entry.${i}.Name`] !== undefined; i++) {
    const entry = `${prefix}MessageAttributes.entry.${i}`;
    const text = form[`${entry}.Value.StringValue`];
    const binary = form[`${entry}.Value.BinaryValue`];
    attributes[form[`${entry}.Name`] ?? ''] = { DataType: form[`${entry}.Value.DataType`] ?? 'String', ...(text !== undefined && { StringValue: text }), ...(binary !== undefined && { BinaryValue: binary }) };
  }
  const subject = form[`${prefix}Subject`];
  const message = form[`${prefix}Message`] ?? '';
  const structured = form[`${prefix}MessageStructure`] === 'json';
  return { topicArn, messageId, message, attributes, ...(structured && { byProtocol: JSON.parse(message) as Record<string, string> }), ...(subject !== undefined && { subject }) };
}

/** What a subscriber of one protocol receives (https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html). */
export const messageFor = ({ message, byProtocol }: Published, protocol: string): string => byProtocol?.[protocol] ?? byProtocol?.['default'] ?? message;
