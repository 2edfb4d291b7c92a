import { AwsError } from '../../service.ts';
import { text, type ResourceKind } from '../resource.ts';

const stream: ResourceKind = (input, cloud) => {
  const name = text(input.properties, 'Name', input.generatedName);
  const onDemand = (input.properties['StreamModeDetails'] as { StreamMode?: string } | undefined)?.StreamMode === 'ON_DEMAND';
  cloud.kinesis.ensure(name, { shardCount: Number(input.properties['ShardCount'] ?? (onDemand ? 4 : 1)), retentionHours: Number(input.properties['RetentionPeriodHours'] ?? 24), onDemand });
  return { ref: name, attributes: { Arn: `arn:aws:kinesis:${cloud.region}:${cloud.accountId}:stream/${name}` } };
};

const streamConsumer: ResourceKind = (input) => {
  const arn = `${text(input.properties, 'StreamARN', '')}/consumer/${text(input.properties, 'ConsumerName', input.logicalId)}:1`;
  return { ref: arn, attributes: { ConsumerARN: arn } };
};

const table: ResourceKind = async (input, cloud) => {
  const { properties } = input;
  const name = text(properties, 'TableName', input.generatedName);
  const wanted = ['AttributeDefinitions', 'KeySchema', 'GlobalSecondaryIndexes', 'LocalSecondaryIndexes', 'BillingMode', 'ProvisionedThroughput'];
  const create = Object.fromEntries(wanted.filter((key) => properties[key] !== undefined).map((key) => [key, properties[key]]));
  await cloud.dynamodb.call('CreateTable', { TableName: name, ...create }).catch((error: unknown) => {
    if (!(error instanceof AwsError && error.code.endsWith('ResourceInUseException'))) throw error;
  });
  const live = properties['TimeToLiveSpecification'] as { AttributeName: string; Enabled: unknown } | undefined;
  if (live) {
    await cloud.dynamodb.call('UpdateTimeToLive', { TableName: name, TimeToLiveSpecification: { AttributeName: live.AttributeName, Enabled: String(live.Enabled) === 'true' } }).catch((error: unknown) => {
      // "already enabled", on a restart
      if (!(error instanceof AwsError && error.code.endsWith('ValidationException'))) throw error;
    });
  }
  return { ref: name, attributes: { Arn: `arn:aws:dynamodb:${cloud.region}:${cloud.accountId}:table/${name}`, StreamArn: '' } };
};

const logGroup: ResourceKind = (input, cloud) => {
  const name = text(input.properties, 'LogGroupName', `/${input.generatedName}`);
  const days = input.properties['RetentionInDays'];
  cloud.logs.ensureGroup(name, days === undefined ? undefined : Number(days));
  return { ref: name, attributes: { Arn: `arn:aws:logs:${cloud.region}:${cloud.accountId}:log-group:${name}:*` } };
};

const secret: ResourceKind = (input, cloud) => {
  const name = text(input.properties, 'Name', input.generatedName);
  const generated = input.properties['GenerateSecretString'] as { SecretStringTemplate?: string; GenerateStringKey?: string } | undefined;
  const password = `local-${name}`;
  const made = generated?.GenerateStringKey ? JSON.stringify({ ...(JSON.parse(generated.SecretStringTemplate ?? '{}') as object), [generated.GenerateStringKey]: password }) : password;
  cloud.secrets.ensure(name, text(input.properties, 'SecretString', made));
  const arn = `arn:aws:secretsmanager:${cloud.region}:${cloud.accountId}:secret:${name}-local1`;
  return { ref: arn, attributes: { Id: arn } };
};

const parameter: ResourceKind = async (input, cloud) => {
  const name = text(input.properties, 'Name', `/${input.generatedName}`);
  await cloud.aws.call('ssm', 'PutParameter', { Name: name, Value: text(input.properties, 'Value', ''), Type: text(input.properties, 'Type', 'String'), Overwrite: true });
  return { ref: name, attributes: { Type: text(input.properties, 'Type', 'String'), Value: text(input.properties, 'Value', '') } };
};

export const dataKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::Kinesis::Stream': stream,
  'AWS::Kinesis::StreamConsumer': streamConsumer,
  'AWS::DynamoDB::Table': table,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::SecretsManager::Secret': secret,
  'AWS::SSM::Parameter': parameter,
};
