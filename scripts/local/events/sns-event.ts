import type { TopicDelivery } from '../storage/front.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function snsEvent(delivery: TopicDelivery): string {
  return JSON.stringify({
    Records: [{
      EventVersion: '1.0', EventSubscriptionArn: delivery.subscriptionArn, EventSource: 'aws:sns',
      Sns: {
        Type: 'Notification', MessageId: delivery.messageId, TopicArn: delivery.topicArn, Subject: delivery.subject ?? null, Message: delivery.message,
        Timestamp: new Date(delivery.at).toISOString(), SignatureVersion: '1', Signature: 'local', SigningCertUrl: 'local', UnsubscribeUrl: 'local', MessageAttributes: delivery.attributes,
      },
    }],
  });
}
