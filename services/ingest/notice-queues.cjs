/**
 * What serverless.yml makes of every source whose notices are fetched (src/sources/notice-sources.json, generated from
 * the registry): a queue with dead letters and alarms, and its mapping to fetch-order. A queue of its own and a maximum
 * concurrency of its own: one vendor's outage delays no other's notices.
 */
const sources = require('./src/sources/notice-sources.json');

/** Seconds; the visibility is six times that (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html). */
const timeout = 120;
/** Pauses between them grow to 15 minutes: some six hours of a vendor's outage. */
const mostReceives = 30;
const day = 86_400;

const pascal = (name) => name.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
const queueName = (name) => 'orderflow-${sls:stage}-notices-' + name;
const logicalId = (name) => `Notices${pascal(name)}`;
const arnOf = (id) => ({ 'Fn::GetAtt': [id, 'Arn'] });

const queues = ({ name }) => {
  const id = logicalId(name);
  return {
    [`${id}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: queueName(name),
        SqsManagedSseEnabled: true,
        VisibilityTimeout: 6 * timeout,
        MessageRetentionPeriod: 4 * day,
        RedrivePolicy: { deadLetterTargetArn: arnOf(`${id}DeadLetters`), maxReceiveCount: mostReceives },
      },
    },
    // a dead letter keeps the age that it had: its queue must hold it longer
    [`${id}DeadLetters`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: `${queueName(name)}-dead-letters`,
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 14 * day,
        RedriveAllowPolicy: {
          redrivePermission: 'byQueue',
          sourceQueueArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:' + queueName(name) }],
        },
      },
    },
  };
};

const alarm = (queue, MetricName, Threshold, AlarmDescription) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription,
    Namespace: 'AWS/SQS',
    MetricName,
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
    Statistic: 'Maximum',
    Period: 300,
    EvaluationPeriods: 1,
    Threshold,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    AlarmActions: [{ 'Fn::ImportValue': 'orderflow-${sls:stage}-alerts-topic-arn' }],
  },
});

const alarms = ({ name }) => {
  const id = logicalId(name);
  return {
    [`${id}DeadLettersAlarm`]: alarm(`${id}DeadLetters`, 'ApproximateNumberOfMessagesVisible', 1, `Notices of ${name} could not be fetched; README.md of ingest says how to bring them back`),
    [`${id}AgeAlarm`]: alarm(`${id}Queue`, 'ApproximateAgeOfOldestMessage', 3_600, `A notice of ${name} has waited for an hour: its API fails or is too slow`),
  };
};

module.exports = {
  timeout,
  arns: sources.map(({ name }) => arnOf(`${logicalId(name)}Queue`)),
  events: sources.map(({ name, mostAtOnce }) => ({
    sqs: { arn: arnOf(`${logicalId(name)}Queue`), batchSize: 10, functionResponseType: 'ReportBatchItemFailures', maximumConcurrency: mostAtOnce },
  })),
  resources: { Resources: Object.assign({}, ...sources.flatMap((source) => [queues(source), alarms(source)])) },
};
