import { plainText } from '../plain-text.ts';
/** One AWS::Lambda::EventSourceMapping, with AWS's defaults filled in. */
export interface MappingDefinition {
  readonly uuid: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly sourceArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly reportsItemFailures: boolean;
  /** JSON patterns, any of which lets a record through; none = all pass. */
  readonly filters: readonly string[];
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** 1–10 concurrent batches a shard. */
  readonly parallelization: number;
  readonly bisect: boolean;
  /** -1 = until the record leaves the stream. */
  readonly maximumRetryAttempts: number;
  /** -1 = no limit. */
  readonly maximumRecordAgeSeconds: number;
  readonly onFailure?: string;
  /** Queues: most concurrent batches. */
  readonly maximumConcurrency?: number;
}

type Properties = Readonly<Record<string, unknown>>;

const numberOr = (value: unknown, otherwise: number): number => (value === undefined || value === '' ? otherwise : Number(value));

/** From resolved template properties. `uuid` must stay the same over restarts: checkpoints go by it. */
export function mappingFrom(uuid: string, functionName: string, functionArn: string, properties: Properties): MappingDefinition {
  const source = String(properties['EventSourceArn']);
  const stream = source.includes(':kinesis:');
  const criteria = properties['FilterCriteria'] as { Filters?: { Pattern: string }[] } | undefined;
  const destination = (properties['DestinationConfig'] as { OnFailure?: { Destination?: string } } | undefined)?.OnFailure?.Destination;
  const scaling = (properties['ScalingConfig'] as { MaximumConcurrency?: number | string } | undefined)?.MaximumConcurrency;
  return {
    uuid,
    functionName,
    functionArn,
    sourceArn: source,
    enabled: properties['Enabled'] === undefined || plainText(properties['Enabled']) === 'true',
    batchSize: numberOr(properties['BatchSize'], stream ? 100 : 10),
    windowSeconds: numberOr(properties['MaximumBatchingWindowInSeconds'], 0),
    reportsItemFailures: ((properties['FunctionResponseTypes'] ?? []) as string[]).includes('ReportBatchItemFailures'),
    filters: (criteria?.Filters ?? []).map((filter) => filter.Pattern),
    startingPosition: properties['StartingPosition'] === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON',
    parallelization: numberOr(properties['ParallelizationFactor'], 1),
    bisect: plainText(properties['BisectBatchOnFunctionError'] ?? false) === 'true',
    maximumRetryAttempts: numberOr(properties['MaximumRetryAttempts'], -1),
    maximumRecordAgeSeconds: numberOr(properties['MaximumRecordAgeInSeconds'], -1),
    ...(destination ? { onFailure: destination } : {}),
    ...(scaling ? { maximumConcurrency: Number(scaling) } : {}),
  };
}

export const nameOfArn = (arn: string): string => arn.slice(Math.max(arn.lastIndexOf(':'), arn.lastIndexOf('/')) + 1);
