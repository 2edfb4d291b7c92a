import type { AwsCaller } from '../aws-call.ts';
import { messageOf } from './run.ts';
import type { StackEvent, StackRecord } from './records.ts';

/** Tells a stack's events to its NotificationARNs, as CloudFormation writes them: a line a field. */
export const notifier = (aws: AwsCaller, accountId: string, say: (line: string) => void) => (stack: StackRecord, event: StackEvent): void => {
  if (stack.input.notificationArns.length === 0) return;
  const fields = {
    StackId: event.stackId, Timestamp: new Date(event.at).toISOString(), EventId: event.id, LogicalResourceId: event.logicalId, Namespace: accountId, PhysicalResourceId: event.physicalId, ResourceProperties: event.properties ?? 'null',
    ResourceStatus: event.status, ResourceStatusReason: event.reason ?? '', ResourceType: event.type, StackName: event.stackName, ClientRequestToken: event.token ?? 'null',
  };
  const message = Object.entries(fields).map(([name, value]) => `${name}='${value}'\n`).join('');
  for (const TopicArn of stack.input.notificationArns) {
    aws.call('sns', 'Publish', { TopicArn, Subject: 'AWS CloudFormation Notification', Message: message }).catch((error: unknown) => say(`stack ${stack.name}: ${TopicArn} was not told: ${messageOf(error)}`));
  }
};
