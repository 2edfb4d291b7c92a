import type { AwsCaller } from '../aws-call.ts';
import type { Destinations } from '../destinations.ts';
import type { Gate } from '../gate/gate.ts';
import type { Streams } from '../kinesis/streams.ts';
import type { LambdaRuntime } from '../lambda/runtime.ts';
import type { MappingsOptions } from '../mappings.ts';
import type { AwsError } from '../service.ts';
import { discardedKey, discardedObject, discardedRecord } from './discarded.ts';
import { isStream, nameOfArn, type MappingDefinition } from './mapping.ts';
import { isPermanent } from './ports.ts';
import { invalid } from './settings.ts';

interface Around {
  readonly aws: AwsCaller;
  readonly destinations: Destinations;
  readonly lambda: LambdaRuntime;
  readonly metric: MappingsOptions['metric'];
  readonly gate: Gate;
  readonly streams: Pick<Streams, 'streamNames'>;
  /** Roles are known everywhere. */
  readonly settled: () => Promise<void>;
}

type Ports = Pick<MappingsOptions, 'invoke' | 'saturated' | 'roleOf' | 'functionOf' | 'metric' | 'ask' | 'check' | 'discard'>;

/** What a mapping of each source must be allowed, as Lambda checks when it is made. */
const NEEDED = {
  stream: ['DescribeStream', 'DescribeStreamSummary', 'GetRecords', 'GetShardIterator', 'ListShards'],
  queue: ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'],
};

/** Mappings as the functions, roles and destinations of this process serve them; they call with the function's key. */
export function mappingPorts({ aws, destinations, lambda, metric, gate, streams, settled }: Around): Ports {
  const ask: Ports['ask'] = ({ functionName, sourceArn }, operation) => {
    const [service, input] = isStream(sourceArn) ? ['kinesis', { StreamARN: sourceArn }] : ['sqs', { QueueUrl: `http://local/${sourceArn.split(':').slice(4).join('/')}` }];
    return gate.before({ accessKeyId: lambda.find(functionName).accessKeyId, service, operation, path: '/', headers: {}, input: () => input });
  };
  /** Denied; what is injected (throttling, delays) does not count. */
  const denied = async (definition: MappingDefinition, operations: readonly string[]): Promise<AwsError | undefined> => {
    await settled();
    for (const operation of operations) {
      const refusal = await ask(definition, operation);
      if (refusal && /AccessDenied|NotAuthorized|Unrecognized|InvalidClientToken/i.test(refusal.code)) return refusal;
    }
    return undefined;
  };
  const checkStream = async (definition: MappingDefinition): Promise<void> => {
    if (!streams.streamNames().includes(nameOfArn(definition.sourceArn))) throw invalid(`Stream not found: ${definition.sourceArn}`);
    const refusal = await denied(definition, NEEDED.stream);
    if (refusal) throw invalid(`Cannot access stream ${definition.sourceArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM. (${refusal.message})`);
  };
  const checkQueue = async (definition: MappingDefinition): Promise<void> => {
    const QueueUrl = `http://local/${definition.sourceArn.split(':').slice(4).join('/')}`;
    const found = await aws.call('sqs', 'GetQueueAttributes', { QueueUrl, AttributeNames: ['VisibilityTimeout'] }).catch((error: unknown) => {
      if (!isPermanent(error)) throw error;
      throw invalid(`Error occurred while ReceiveMessage. SQS Error Code: ${(error as AwsError).code}. SQS Error Message: ${(error as AwsError).message}`);
    });
    const refusal = await denied(definition, NEEDED.queue);
    if (refusal) throw invalid(`The provided execution role does not have permissions to call ReceiveMessage on SQS (${refusal.message})`);
    const visible = Number((found['Attributes'] as Record<string, string> | undefined)?.['VisibilityTimeout']);
    const { timeoutSeconds } = lambda.find(definition.functionName);
    if (visible < timeoutSeconds) throw invalid(`Queue visibility timeout: ${visible} seconds is less than Function timeout: ${timeoutSeconds} seconds`);
  };
  return {
    metric, ask,
    invoke: (name, payload) => lambda.invoke(name, payload),
    saturated: () => lambda.activity().waiting > 0,
    roleOf: (name) => lambda.list().find((each) => each.name === name)?.role ?? '',
    functionOf: (name) => lambda.find(name),
    check: (definition) => (isStream(definition.sourceArn) ? checkStream(definition) : checkQueue(definition)),
    async discard(mapping, batch) {
      process.stderr.write(`local cloud: ${batch.records.length} records of ${mapping.functionName} discarded (${batch.condition})${mapping.onFailure ? '' : '; the mapping has no on-failure destination: they are lost'}\n`);
      if (!mapping.onFailure) return;
      const as = lambda.find(mapping.functionName).accessKeyId;
      if (mapping.onFailure.includes(':s3:')) await destinations.putObject(mapping.onFailure, discardedKey(mapping, batch), discardedObject(mapping, batch), as);
      else await destinations.deliver(mapping.onFailure, JSON.stringify(discardedRecord(mapping, batch)), { as });
    },
  };
}
