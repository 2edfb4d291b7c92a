import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { sendOnce } from './send-outcome.ts';
import { subjectOf } from './staff-message.ts';
import { staffText } from './staff-text.ts';
import type { StaffNotifier, StaffTopic } from './staff-notifier.ts';

/**
 * Notices through SNS: subscribed programs get the JSON, subscribed mailboxes a text. The client's own retries must be
 * off (`maxAttempts: 1`), see {@link sendOnce}.
 * @param arns only the topics that the caller may publish to
 */
export const snsNotifier = (client: Pick<SNSClient, 'send'>, arns: Partial<Record<StaffTopic, string>>): StaffNotifier => ({
  notify(topic, message) {
    const arn = arns[topic];
    if (arn === undefined) throw new Error(`no ARN is configured for the topic ${topic}`);
    return sendOnce(async () => {
      const answer = await client.send(
        new PublishCommand({
          TopicArn: arn,
          Subject: subjectOf(message),
          MessageStructure: 'json',
          Message: JSON.stringify({ default: JSON.stringify(message), email: staffText(message) }),
          MessageAttributes: { schema: { DataType: 'String', StringValue: message.schema } },
        }),
      );
      return answer.MessageId;
    });
  },
});
