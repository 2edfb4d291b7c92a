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
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP';
  /** Of AT_TIMESTAMP, epoch milliseconds. */
  readonly startingAt?: number;
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
  /** As it was asked for, in the words of the Lambda API. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export const nameOfArn = (arn: string): string => arn.slice(Math.max(arn.lastIndexOf(':'), arn.lastIndexOf('/')) + 1);

export const isStream = (sourceArn: string): boolean => sourceArn.includes(':kinesis:');

export const isFifo = (sourceArn: string): boolean => sourceArn.endsWith('.fifo');
