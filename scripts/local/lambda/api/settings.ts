import { AwsError } from '../../service.ts';
import { RestAnswer, type RestTable } from '../../rest-protocol.ts';
import type { AsyncConfig, FunctionDefinition } from '../function.ts';
import type { LambdaRuntime } from '../runtime.ts';

type Input = Readonly<Record<string, unknown>>;
interface Destinations { readonly OnFailure?: { readonly Destination?: string }; readonly OnSuccess?: { readonly Destination?: string } }

const ACCOUNT_CONCURRENCY = 1000;
/** AWS keeps so much of the account's concurrency for functions that reserve none. */
const KEPT_UNRESERVED = 100;

const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });

/** From the properties of PutFunctionEventInvokeConfig, which are those of AWS::Lambda::EventInvokeConfig. */
export function asyncConfigFrom(input: Input): AsyncConfig {
  const destinations = (input['DestinationConfig'] ?? {}) as Destinations;
  const between = (name: string, least: number, most: number): number | undefined => {
    if (input[name] === undefined || input[name] === '') return undefined;
    const value = Number(input[name]);
    if (!(value >= least && value <= most)) throw new AwsError('ValidationException', `1 validation error detected: Value '${String(value)}' at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must have value ${value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`}`);
    return value;
  };
  const retries = between('MaximumRetryAttempts', 0, 2);
  const age = between('MaximumEventAgeInSeconds', 60, 21_600);
  const onFailure = destinations.OnFailure?.Destination;
  const onSuccess = destinations.OnSuccess?.Destination;
  if (onSuccess?.includes(':s3:')) throw invalid(`The provided destination config DestinationConfig(onSuccess=OnSuccess(destination=${onSuccess}), onFailure=null) is invalid.`);
  return {
    ...(retries === undefined ? {} : { maximumRetryAttempts: retries }), ...(age === undefined ? {} : { maximumEventAgeSeconds: age }),
    ...(onFailure ? { onFailure } : {}), ...(onSuccess ? { onSuccess } : {}), modifiedAt: Date.now(),
  };
}

const shownConfig = (definition: FunctionDefinition, config: AsyncConfig): Record<string, unknown> => ({
  FunctionArn: `${definition.arn}:$LATEST`,
  LastModified: (config.modifiedAt ?? 0) / 1000,
  MaximumRetryAttempts: config.maximumRetryAttempts,
  MaximumEventAgeInSeconds: config.maximumEventAgeSeconds,
  DestinationConfig: { OnSuccess: config.onSuccess ? { Destination: config.onSuccess } : {}, OnFailure: config.onFailure ? { Destination: config.onFailure } : {} },
});

/** Reserved concurrency, asynchronous invocation, resource policy and tags of functions. */
export function settingRoutes(runtime: LambdaRuntime): RestTable {
  const configured = (name: string): [FunctionDefinition, AsyncConfig] => {
    const definition = runtime.find(name);
    if (!definition.asyncConfig) throw notFound(`The function ${definition.arn}:$LATEST doesn't have an EventInvokeConfig`);
    return [definition, definition.asyncConfig];
  };
  const configure = (name: string, config: AsyncConfig): unknown => shownConfig(runtime.update(name, { asyncConfig: config }), config);
  const policyOf = (name: string): readonly Record<string, unknown>[] => runtime.find(name).policy ?? [];

  return {
    'PUT /2017-10-31/functions/{name}/concurrency': ['PutFunctionConcurrency', ({ name = '' }, input) => {
      const wanted = Number(input['ReservedConcurrentExecutions']);
      const { name: own } = runtime.find(name);
      const others = runtime.list().reduce((sum, each) => sum + (each.name === own ? 0 : (each.reservedConcurrency ?? 0)), 0);
      if (others + wanted > ACCOUNT_CONCURRENCY - KEPT_UNRESERVED) throw invalid(`Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${KEPT_UNRESERVED}].`);
      runtime.update(own, { reservedConcurrency: wanted });
      return { ReservedConcurrentExecutions: wanted };
    }],
    'GET /2019-09-30/functions/{name}/concurrency': ['GetFunctionConcurrency', ({ name = '' }) => ({ ReservedConcurrentExecutions: runtime.find(name).reservedConcurrency })],
    'DELETE /2017-10-31/functions/{name}/concurrency': ['DeleteFunctionConcurrency', ({ name = '' }) => {
      runtime.update(name, { reservedConcurrency: undefined });
      return new RestAnswer(204);
    }],

    'PUT /2019-09-25/functions/{name}/event-invoke-config': ['PutFunctionEventInvokeConfig', ({ name = '' }, input) => configure(name, asyncConfigFrom(input))],
    'POST /2019-09-25/functions/{name}/event-invoke-config': ['UpdateFunctionEventInvokeConfig', ({ name = '' }, input) => configure(name, { ...configured(name)[1], ...asyncConfigFrom(input) })],
    'GET /2019-09-25/functions/{name}/event-invoke-config': ['GetFunctionEventInvokeConfig', ({ name = '' }) => shownConfig(...configured(name))],
    'GET /2019-09-25/functions/{name}/event-invoke-config/list': ['ListFunctionEventInvokeConfigs', ({ name = '' }) => {
      const definition = runtime.find(name);
      return { FunctionEventInvokeConfigs: definition.asyncConfig ? [shownConfig(definition, definition.asyncConfig)] : [] };
    }],
    'DELETE /2019-09-25/functions/{name}/event-invoke-config': ['DeleteFunctionEventInvokeConfig', ({ name = '' }) => {
      runtime.update(configured(name)[0].name, { asyncConfig: undefined });
      return new RestAnswer(204);
    }],

    'POST /2015-03-31/functions/{name}/policy': ['AddPermission', ({ name = '' }, input) => {
      const { arn } = runtime.find(name);
      const { StatementId, Action, Principal, SourceArn, SourceAccount } = input as Record<string, string | undefined>;
      if (policyOf(name).some((each) => each['Sid'] === StatementId)) throw new AwsError('ResourceConflictException', `The statement id (${StatementId ?? ''}) provided already exists. Please provide a new statement id, or remove the existing statement.`, 409, { Type: 'User' });
      const condition = { ...(SourceArn ? { ArnLike: { 'AWS:SourceArn': SourceArn } } : {}), ...(SourceAccount ? { StringEquals: { 'AWS:SourceAccount': SourceAccount } } : {}) };
      const statement = {
        Sid: StatementId, Effect: 'Allow', Principal: Principal?.endsWith('.amazonaws.com') ? { Service: Principal } : Principal === '*' ? '*' : { AWS: Principal }, Action, Resource: arn,
        ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
      };
      runtime.update(name, { policy: [...policyOf(name), statement] });
      return new RestAnswer(201, { Statement: JSON.stringify(statement) });
    }],
    'GET /2015-03-31/functions/{name}/policy': ['GetPolicy', ({ name = '' }) => {
      if (policyOf(name).length === 0) throw notFound('The resource you requested does not exist.');
      return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: policyOf(name) }) };
    }],
    'DELETE /2015-03-31/functions/{name}/policy/{sid}': ['RemovePermission', ({ name = '', sid = '' }) => {
      const left = policyOf(name).filter((each) => each['Sid'] !== sid);
      if (left.length === policyOf(name).length) throw notFound(`Statement ${sid} is not found in resource policy.`);
      runtime.update(name, { policy: left.length > 0 ? left : undefined });
      return new RestAnswer(204);
    }],

    'GET /2017-03-31/tags/{arn}': ['ListTags', ({ arn = '' }) => ({ Tags: runtime.find(arn).tags ?? {} })],
    'POST /2017-03-31/tags/{arn}': ['TagResource', ({ arn = '' }, input) => {
      runtime.update(arn, { tags: { ...runtime.find(arn).tags, ...(input['Tags'] as Record<string, string>) } });
      return new RestAnswer(204);
    }],
    'DELETE /2017-03-31/tags/{arn}': ['UntagResource', ({ arn = '' }, _input, { query }) => {
      const gone = query.getAll('tagKeys');
      runtime.update(arn, { tags: Object.fromEntries(Object.entries(runtime.find(arn).tags ?? {}).filter(([key]) => !gone.includes(key))) });
      return new RestAnswer(204);
    }],
  };
}
