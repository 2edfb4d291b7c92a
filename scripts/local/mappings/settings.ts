import { AwsError } from '../service.ts';
import { plainText } from '../plain-text.ts';
import { compileFilters } from './filter.ts';
import { isFifo, isStream, type MappingDefinition } from './mapping.ts';

type Settings = Readonly<Record<string, unknown>>;

const MOST_FILTERS = 5;
const MOST_PATTERN = 4096;
const STREAMS_ONLY = ['ParallelizationFactor', 'BisectBatchOnFunctionError', 'MaximumRecordAgeInSeconds', 'MaximumRetryAttempts', 'TumblingWindowInSeconds', 'StartingPosition', 'StartingPositionTimestamp', 'DestinationConfig'];
const QUEUES_ONLY = ['ScalingConfig', 'ProvisionedPollerConfig'];
/** Of other sources, or not in the local cloud. */
const REFUSED: Readonly<Record<string, string>> = {
  ProvisionedPollerConfig: 'has no provisioned pollers', KmsKeyArn: 'does not encrypt filter criteria', KMSKeyArn: 'does not encrypt filter criteria', LoggingConfig: 'does not log event source mappings',
  ...Object.fromEntries(['Topics', 'Queues', 'SourceAccessConfigurations', 'SelfManagedEventSource', 'AmazonManagedKafkaEventSourceConfig', 'SelfManagedKafkaEventSourceConfig', 'DocumentDBEventSourceConfig'].map((name) => [name, 'maps Kinesis streams and SQS queues only'])),
};
const IGNORED = ['EventSourceArn', 'FunctionName', 'Enabled', 'BatchSize', 'MaximumBatchingWindowInSeconds', 'FunctionResponseTypes', 'FilterCriteria', 'Tags', 'MetricsConfig', 'UUID'];
const KNOWN = new Set([...STREAMS_ONLY, ...QUEUES_ONLY, ...IGNORED, ...Object.keys(REFUSED)]);

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });

const given = (value: unknown): boolean => value !== undefined && value !== null && value !== '';
const flag = (value: unknown): boolean => plainText(value) === 'true';

/** A whole number in its range; templates write numbers as text, too. */
function integer(settings: Settings, name: string, otherwise: number, least: number, most: number): number {
  const value = settings[name];
  if (!given(value)) return otherwise;
  const number = Number(value);
  if (!Number.isInteger(number) || number < least || number > most) throw invalid(`1 validation error detected: Value '${String(value)}' at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must have value between ${least} and ${most}`);
  return number;
}

function filtersIn(settings: Settings, stream: boolean): readonly string[] {
  const filters = ((settings['FilterCriteria'] as { Filters?: { Pattern?: unknown }[] } | undefined)?.Filters ?? []).map(({ Pattern }) => Pattern);
  if (filters.length > MOST_FILTERS) throw invalid(`A mapping may have up to ${MOST_FILTERS} filters, not ${filters.length}`);
  for (const pattern of filters) {
    if (typeof pattern !== 'string' || pattern.length > MOST_PATTERN) throw invalid(`Invalid filter pattern definition: a pattern is a text of up to ${MOST_PATTERN} characters`);
    try {
      compileFilters([pattern], stream ? 'data' : 'body');
    } catch (error) {
      throw invalid(`Invalid filter pattern definition: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return filters as string[];
}

function destinationIn(settings: Settings): string | undefined {
  const config = settings['DestinationConfig'] as { OnFailure?: { Destination?: unknown }; OnSuccess?: { Destination?: unknown } } | undefined;
  if (given(config?.OnSuccess?.Destination)) throw invalid('OnSuccess destinations are not for event source mappings');
  const destination = config?.OnFailure?.Destination;
  if (!given(destination)) return undefined;
  if (typeof destination !== 'string' || !/^arn:aws:(sqs|sns|s3):/.test(destination)) throw invalid(`The destination ARN ${String(destination)} is invalid: it names an SQS queue, an SNS topic or an S3 bucket`);
  if (isFifo(destination)) throw invalid(`The destination ARN ${destination} is invalid: FIFO queues and topics are not supported`);
  return destination;
}

function startIn(settings: Settings): Pick<MappingDefinition, 'startingPosition' | 'startingAt'> {
  const position = settings['StartingPosition'];
  if (!given(position)) throw invalid('Invalid request provided: StartingPosition is required for a Kinesis stream: TRIM_HORIZON, LATEST or AT_TIMESTAMP');
  if (position !== 'TRIM_HORIZON' && position !== 'LATEST' && position !== 'AT_TIMESTAMP') throw invalid(`1 validation error detected: Value '${String(position)}' at 'startingPosition' failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]`);
  const time = settings['StartingPositionTimestamp'];
  if (position !== 'AT_TIMESTAMP') {
    if (given(time)) throw invalid('StartingPositionTimestamp is only valid with StartingPosition AT_TIMESTAMP');
    return { startingPosition: position };
  }
  if (!given(time) || Number.isNaN(Number(time))) throw invalid('StartingPositionTimestamp is required with StartingPosition AT_TIMESTAMP');
  const startingAt = Math.round(Number(time) * 1000);
  if (startingAt > Date.now()) throw invalid('StartingPositionTimestamp cannot be in the future');
  return { startingPosition: position, startingAt };
}

function batchIn(settings: Settings, sourceArn: string): Pick<MappingDefinition, 'batchSize' | 'windowSeconds'> {
  const fifo = isFifo(sourceArn);
  const batchSize = integer(settings, 'BatchSize', isStream(sourceArn) ? 100 : 10, 1, fifo ? 10 : 10_000);
  const windowSeconds = integer(settings, 'MaximumBatchingWindowInSeconds', 0, 0, 300);
  if (fifo && windowSeconds > 0) throw invalid('Batching window is not supported for FIFO queues');
  if (!isStream(sourceArn) && batchSize > 10 && windowSeconds === 0) throw invalid('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
  return { batchSize, windowSeconds };
}

function concurrencyIn(settings: Settings): number | undefined {
  const scaling = settings['ScalingConfig'] as { MaximumConcurrency?: unknown } | undefined;
  return given(scaling?.MaximumConcurrency) ? integer(scaling as Settings, 'MaximumConcurrency', 0, 2, 1000) : undefined;
}

function checkNames(settings: Settings, stream: boolean): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!given(value)) continue;
    const reason = REFUSED[name];
    if (reason !== undefined) throw invalid(`${name}: the local cloud ${reason}`);
    if (!KNOWN.has(name)) throw invalid(`${name}: the local cloud does not know this setting of an event source mapping`);
    if ((stream ? QUEUES_ONLY : STREAMS_ONLY).includes(name)) throw invalid(`Unsupported parameter ${name} for ${stream ? 'a Kinesis stream' : 'an SQS queue'} as event source`);
  }
  if (given(settings['MetricsConfig']) && ((settings['MetricsConfig'] as { Metrics?: unknown[] }).Metrics ?? []).length > 0) throw invalid('MetricsConfig: the local cloud has no metrics of event source mappings');
}

/**
 * The mapping that a template or a call of the Lambda API asks for. `uuid` must stay the same over restarts: checkpoints go by it.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 * @throws InvalidParameterValueException for what Lambda refuses, and for what the local cloud does not do
 */
export function mappingFrom(uuid: string, functionName: string, functionArn: string, settings: Settings): MappingDefinition {
  const sourceArn = plainText(settings['EventSourceArn'] ?? '');
  const stream = /^arn:aws:kinesis:[^:]*:[^:]*:stream\/[^/]+$/.test(sourceArn);
  if (/^arn:aws:kinesis:.*\/consumer\//.test(sourceArn)) throw invalid(`${sourceArn}: the local cloud has no enhanced fan-out: name the stream itself`);
  if (!stream && !sourceArn.startsWith('arn:aws:sqs:')) throw invalid(`Unrecognized event source ${sourceArn}: the local cloud maps Kinesis streams and SQS queues`);
  checkNames(settings, stream);
  if (integer(settings, 'TumblingWindowInSeconds', 0, 0, 900) > 0) throw invalid('TumblingWindowInSeconds: the local cloud has no tumbling windows; leave it out, or aggregate in the function');
  const responses = (settings['FunctionResponseTypes'] ?? []) as string[];
  if (responses.some((type) => type !== 'ReportBatchItemFailures')) throw invalid(`FunctionResponseTypes may hold ReportBatchItemFailures, not ${responses.join(', ')}`);
  const age = integer(settings, 'MaximumRecordAgeInSeconds', -1, -1, 604_800);
  if (age >= 0 && age < 60) throw invalid(`MaximumRecordAgeInSeconds is -1 or 60 to 604800, not ${age}`);
  const onFailure = destinationIn(settings);
  const maximumConcurrency = concurrencyIn(settings);
  return {
    uuid, functionName, functionArn, sourceArn, settings,
    enabled: settings['Enabled'] === undefined || flag(settings['Enabled']),
    ...batchIn(settings, sourceArn),
    reportsItemFailures: responses.includes('ReportBatchItemFailures'),
    filters: filtersIn(settings, stream),
    ...(stream ? startIn(settings) : { startingPosition: 'TRIM_HORIZON' }),
    parallelization: integer(settings, 'ParallelizationFactor', 1, 1, 10),
    bisect: flag(settings['BisectBatchOnFunctionError'] ?? false),
    maximumRetryAttempts: integer(settings, 'MaximumRetryAttempts', -1, -1, 10_000),
    maximumRecordAgeSeconds: age,
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
  };
}
