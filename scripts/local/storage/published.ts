import { xmlText } from '../errors.ts';

/** A message that a Publish or PublishBatch request has put on a topic. */
export interface Published {
  readonly topicArn: string;
  readonly messageId: string;
  readonly message: string;
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
  return { topicArn, messageId, message: form[`${prefix}Message`] ?? '', attributes, ...(subject !== undefined && { subject }) };
}
