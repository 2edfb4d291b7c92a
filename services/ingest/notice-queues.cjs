/**
 * What serverless.yml makes of every source whose notices are fetched (src/sources/notice-sources.json, generated from
 * the registry): a queue with dead letters and alarms, and its mapping to fetch-order. A queue of its own and a maximum
 * concurrency of its own: one vendor's outage delays no other's notices. Likewise of every source that writes into a queue of
 * ours (queue-sources.json): who may write is said by the queue's policy, and take-queue reads it.
 */
const sources = require('./src/sources/notice-sources.json');
const written = require('./src/sources/queue-sources.json');

/** Seconds; the visibility is six times that (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html). */
const timeout = 180;
/** Pauses between them grow to 15 minutes: some six hours of a vendor's outage. */
const mostReceives = 30;
const day = 86_400;

const pascal = (name) => name.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('');
const noticesName = (name) => 'orderflow-${sls:stage}-notices-' + name;
const logicalId = (name) => `Notices${pascal(name)}`;
const intakeName = (name) => 'orderflow-${sls:stage}-intake-' + name;
const intakeId = (name) => `Intake${pascal(name)}`;
const arnOf = (id) => ({ 'Fn::GetAtt': [id, 'Arn'] });

const queues = (id, queueName) => {
  return {
    [`${id}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: queueName,
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
        QueueName: `${queueName}-dead-letters`,
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 14 * day,
        RedriveAllowPolicy: {
          redrivePermission: 'byQueue',
          sourceQueueArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:' + queueName }],
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

const alarms = (id, dead, old) => ({
  [`${id}DeadLettersAlarm`]: alarm(`${id}DeadLetters`, 'ApproximateNumberOfMessagesVisible', 1, `${dead}; README.md of ingest says how to bring them back`),
  [`${id}AgeAlarm`]: alarm(`${id}Queue`, 'ApproximateAgeOfOldestMessage', 3_600, old),
});

/** A service principal has dots and no colon. */
const principalOf = (writer) => (writer.startsWith('arn:') ? { AWS: writer } : { Service: writer });

/** Who may write into an intake queue, besides this account's own EventBridge rules and roles as their policies say. */
const policy = (id, { writers }) => ({
  [`${id}QueuePolicy`]: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: `${id}Queue` }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: writers.map((writer) => ({
          Effect: 'Allow', Principal: principalOf(writer), Action: ['sqs:SendMessage', 'sqs:GetQueueAttributes'], Resource: arnOf(`${id}Queue`),
          // a service writes for anybody unless it is told for whom
          ...(writer.startsWith('arn:') ? {} : { Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } }),
        })),
      },
    },
  },
});

const mapping = (id, more) => ({ sqs: { arn: arnOf(`${id}Queue`), batchSize: 10, functionResponseType: 'ReportBatchItemFailures', ...more } });

module.exports = {
  timeout,
  arns: sources.map(({ name }) => arnOf(`${logicalId(name)}Queue`)),
  events: sources.map(({ name, mostAtOnce }) => mapping(logicalId(name), { maximumConcurrency: mostAtOnce })),
  intakeEvents: written.map(({ name }) => mapping(intakeId(name), { maximumConcurrency: 5 })),
  resources: {
    Resources: Object.assign(
      {},
      ...sources.map(({ name }) => ({
        ...queues(logicalId(name), noticesName(name)),
        ...alarms(logicalId(name), `Notices of ${name} could not be fetched`, `A notice of ${name} has waited for an hour: its API fails or is too slow`),
      })),
      ...written.map((source) => ({
        ...queues(intakeId(source.name), intakeName(source.name)),
        ...policy(intakeId(source.name), source),
        ...alarms(intakeId(source.name), `Messages of ${source.name} could not be taken`, `A message of ${source.name} has waited for an hour: take-queue's log says why`),
      })),
    ),
  },
};
