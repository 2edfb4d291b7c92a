import { gone, text, type Cloud, type Existing, type ResourceKind } from '../kind.ts';

type Statements = readonly Readonly<Record<string, unknown>>[];
type Properties = Readonly<Record<string, unknown>>;

const list = ({ properties }: Pick<Existing, 'properties'>, name: string): string[] => [properties[name] ?? []].flat() as string[];

const functionPolicy = (name: string, cloud: Cloud, sid: string): Statements => (cloud.lambda.find(name).policy ?? []).filter((each) => each['Sid'] !== sid);
/** As AddPermission writes it. https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
function permissionStatement(properties: Properties, sid: string, arn: string): Properties {
  const principal = text(properties, 'Principal', '');
  const condition = {
    ...(properties['SourceArn'] === undefined ? {} : { ArnLike: { 'AWS:SourceArn': properties['SourceArn'] } }),
    ...(properties['SourceAccount'] === undefined ? {} : { StringEquals: { 'AWS:SourceAccount': properties['SourceAccount'] } }),
  };
  return {
    Sid: sid, Effect: 'Allow', Principal: principal.endsWith('.amazonaws.com') ? { Service: principal } : principal === '*' ? '*' : { AWS: principal }, Action: text(properties, 'Action', ''), Resource: arn,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
}
const permission: ResourceKind = {
  create({ properties, physicalId }, cloud) {
    const name = text(properties, 'FunctionName', '');
    cloud.lambda.update(name, { policy: [...functionPolicy(name, cloud, physicalId), permissionStatement(properties, physicalId, cloud.lambda.find(name).arn)] });
  },
  remove({ properties, physicalId }, cloud) {
    const name = text(properties, 'FunctionName', '');
    if (cloud.lambda.list().some((each) => each.arn === name || each.name === name)) cloud.lambda.update(name, { policy: functionPolicy(name, cloud, physicalId) });
  },
};

/** A policy that stands on its own in a template and belongs to topics, queues or a bucket. */
const policyFor = (property: string, put: (target: string, document: string | undefined, cloud: Cloud) => Promise<unknown>): ResourceKind => ({
  async create(input, cloud) {
    for (const target of list(input, property)) await put(target, JSON.stringify(input.properties['PolicyDocument']), cloud);
  },
  async remove(existing, cloud) {
    for (const target of list(existing, property)) await gone(put(target, undefined, cloud));
  },
});

export const resourcePolicyKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::Lambda::Permission': permission,
  'AWS::SNS::TopicPolicy': policyFor('Topics', (arn, document, cloud) => cloud.aws.call('sns', 'SetTopicAttributes', { TopicArn: arn, AttributeName: 'Policy', AttributeValue: document ?? '' })),
  'AWS::SQS::QueuePolicy': policyFor('Queues', (url, document, cloud) => cloud.aws.call('sqs', 'SetQueueAttributes', { QueueUrl: url, Attributes: { Policy: document ?? '' } })),
  'AWS::S3::BucketPolicy': policyFor('Bucket', (bucket, document, cloud) => cloud.aws.rest('s3', document === undefined ? 'DELETE' : 'PUT', `/${bucket}?policy`, document ?? '')),
};
