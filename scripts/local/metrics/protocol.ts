import { jsonOf } from '../gate/call-input.ts';
import { AwsError, jsonError, type AwsRequest, type AwsResponse } from '../service.ts';
import { element, formTree, numbered, queryFault, type Document } from '../storage/query-protocol.ts';

export type Input = Readonly<Record<string, unknown>>;
/** Times in the answer are `Date`. */
export type Operation = (input: Input) => unknown;

const NAMESPACE = 'http://monitoring.amazonaws.com/doc/2010-08-01/';
const JSON_HEADERS = { 'content-type': 'application/x-amz-json-1.0' };
const XML_HEADERS = { 'content-type': 'text/xml' };
const NUMBERS = new Set(['EvaluationPeriods', 'DatapointsToAlarm', 'Threshold', 'Period', 'MaxRecords', 'MaxDatapoints', 'MaxResults', 'Value', 'Sum', 'SampleCount', 'Minimum', 'Maximum', 'StorageResolution', 'Values', 'Counts']);
const BOOLEANS = new Set(['ActionsEnabled', 'ReturnData', 'IncludeLinkedAccounts']);
/** Query-protocol codes that have another name in JSON. */
const JSON_NAMES: Readonly<Record<string, string>> = {
  InvalidParameterValue: 'InvalidParameterValueException', InvalidParameterCombination: 'InvalidParameterCombinationException', MissingParameter: 'MissingRequiredParameterException', LimitExceeded: 'LimitExceededFault', InvalidFormat: 'InvalidFormatFault',
};

/** A form tree as the JSON protocol has it: lists as lists, numbers as numbers. */
function typed(tree: Document, within = ''): Input {
  const value = (name: string, given: unknown): unknown => {
    if (typeof given === 'object' && given !== null) {
      if ('member' in given) return numbered((given as Document)['member']).map((one) => value(name, one));
      return typed(given as Document, name);
    }
    const text = String(given);
    // the value of a dimension or a tag is a text
    if (NUMBERS.has(name) && !(name === 'Value' && (within === 'Dimensions' || within === 'Tags'))) return Number(text);
    return BOOLEANS.has(name) ? text === 'true' : text;
  };
  return Object.fromEntries(Object.entries(tree).map(([name, given]) => [name, value(name, given)]));
}

/** Lists as `member`s and times as texts, as the query protocol's XML has them. */
function forXml(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return { member: value.map(forXml) };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => {
    const map = name === 'ExtendedStatistics' && typeof inner === 'object' && inner !== null;
    return [name, map ? { entry: Object.entries(inner as object).map(([key, one]) => ({ key, value: one as unknown })) } : forXml(inner)];
  }));
}

const forJson = (output: unknown): string =>
  JSON.stringify(output ?? {}, function replace(this: Record<string, unknown>, name: string, value: unknown) {
    const given = this[name];
    return given instanceof Date ? given.getTime() / 1000 : value;
  });

function xmlAnswer(operation: string, output: unknown, requestId: string): string {
  const result = output === undefined ? '' : element(`${operation}Result`, forXml(output));
  return `<${operation}Response xmlns="${NAMESPACE}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`;
}

/** CloudWatch speaks the query protocol (the AWS CLI) and AWS JSON 1.0 (SDK clients). Its third, CBOR, is not here: no client of ours asks for it. */
export function cloudWatchProtocol(operations: Readonly<Record<string, Operation>>): (request: AwsRequest) => Promise<AwsResponse> {
  const run = async (operation: string, input: Input): Promise<unknown> => {
    const known = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (known) return known(input);
    process.stderr.write(`local cloud: monitoring has no operation ${operation || '(none named)'}\n`);
    throw new AwsError(operation ? 'UnknownOperationException' : 'InvalidAction', `${operation || 'the protocol of this request'} is not implemented by the local cloud`);
  };
  return async (request) => {
    if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
      const requestId = crypto.randomUUID();
      try {
        const { Action: _action, Version: _version, ...input } = typed(formTree(request.body.toString('utf8')));
        return { status: 200, headers: XML_HEADERS, body: xmlAnswer(request.operation, await run(request.operation, input), requestId) };
      } catch (error) {
        if (!(error instanceof AwsError)) process.stderr.write(`local cloud: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
        const known = error instanceof AwsError ? error : new AwsError('InternalServiceFault', 'internal fault of the local cloud', 500);
        return { status: known.status, headers: XML_HEADERS, body: queryFault(NAMESPACE, known.status < 500, known.code, known.message, requestId) };
      }
    }
    try {
      if (request.headers['smithy-protocol'] === 'rpc-v2-cbor') await run('', {});
      return { status: 200, headers: JSON_HEADERS, body: forJson(await run(request.operation, jsonOf(request.body))) };
    } catch (error) {
      if (!(error instanceof AwsError)) return jsonError(error, JSON_HEADERS);
      const named = new AwsError(JSON_NAMES[error.code] ?? error.code, error.message, error.status, error.extra);
      return jsonError(named, { ...JSON_HEADERS, 'x-amzn-query-error': `${error.code};Sender` });
    }
  };
}

/** Epoch milliseconds of a time in either protocol. */
export function timeIn(input: Input, name: string): number {
  const value = input[name];
  const ms = typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (value === undefined) throw new AwsError('MissingParameter', `The parameter ${name} is required.`);
  if (Number.isNaN(ms)) throw new AwsError('InvalidParameterValue', `The value for parameter ${name} is not a time.`);
  return ms;
}
