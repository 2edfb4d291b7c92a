import { gone, text, type Cloud, type Existing, type ResourceKind } from '../kind.ts';

const put = async ({ physicalId, properties }: Existing, cloud: Cloud): Promise<void> => {
  await cloud.aws.call('monitoring', 'PutMetricAlarm', { ...properties, AlarmName: physicalId });
};

const alarm: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'AlarmName', generatedName),
  attributes: ({ physicalId }, cloud) => ({ Arn: `arn:aws:cloudwatch:${cloud.region}:${cloud.accountId}:alarm:${physicalId}` }),
  exists: async ({ physicalId }, cloud) => ((await cloud.aws.call('monitoring', 'DescribeAlarms', { AlarmNames: [physicalId] }))['MetricAlarms'] as unknown[]).length > 0,
  create: put,
  remove: ({ physicalId }, cloud) => gone(cloud.aws.call('monitoring', 'DeleteAlarms', { AlarmNames: [physicalId] })),
};

export const alarmKinds: Readonly<Record<string, ResourceKind>> = { 'AWS::CloudWatch::Alarm': alarm };
