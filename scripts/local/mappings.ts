import { AwsError } from './service.ts';
import type { MappingsApi } from './lambda.ts';
import { nameOfArn, type MappingDefinition } from './mappings/mapping.ts';
import type { MappingActivity, RunningMapping } from './mappings/running.ts';
import { startKinesisMapping, type KinesisMappingOptions } from './mappings/kinesis-mapping.ts';
import { startSqsMapping, type SqsMappingOptions } from './mappings/sqs-mapping.ts';

export type MappingsOptions = KinesisMappingOptions & SqsMappingOptions;

/** All event-source mappings; those of streams keep their checkpoints in the journal. */
export interface Mappings extends MappingsApi {
  /** Starts the mapping, or replaces the one of the same uuid. */
  deploy(definition: MappingDefinition): Promise<void>;
  remove(uuid: string): Promise<void>;
  /** Ends all open batch windows now: a finite run need not wait for them. */
  flush(): void;
  activity(): Record<string, MappingActivity & { readonly source: string }>;
  close(): Promise<void>;
}

export function createMappings(options: MappingsOptions): Mappings {
  const definitions = new Map<string, MappingDefinition>();
  const running = new Map<string, RunningMapping>();

  const stop = async (uuid: string): Promise<void> => {
    const mapping = running.get(uuid);
    running.delete(uuid);
    await mapping?.stop();
  };
  const start = (definition: MappingDefinition): void => {
    if (definition.sourceArn.includes(':kinesis:')) running.set(definition.uuid, startKinesisMapping(definition, options));
    else if (definition.sourceArn.includes(':sqs:')) running.set(definition.uuid, startSqsMapping(definition, options));
    else throw new Error(`event source ${definition.sourceArn} of ${definition.functionName} is neither a Kinesis stream nor an SQS queue`);
  };
  const shown = (uuid: string): unknown => {
    const definition = definitions.get(uuid);
    if (!definition) throw new AwsError('ResourceNotFoundException', `The resource you requested does not exist: ${uuid}`, 404);
    return {
      UUID: uuid,
      FunctionArn: definition.functionArn,
      EventSourceArn: definition.sourceArn,
      BatchSize: definition.batchSize,
      MaximumBatchingWindowInSeconds: definition.windowSeconds,
      ParallelizationFactor: definition.parallelization,
      StartingPosition: definition.startingPosition,
      State: running.has(uuid) ? 'Enabled' : 'Disabled',
      FunctionResponseTypes: definition.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
      MaximumRetryAttempts: definition.maximumRetryAttempts,
      MaximumRecordAgeInSeconds: definition.maximumRecordAgeSeconds,
      BisectBatchOnFunctionError: definition.bisect,
    };
  };
  return {
    async deploy(definition) {
      await stop(definition.uuid);
      definitions.set(definition.uuid, definition);
      if (definition.enabled) start(definition);
    },
    async remove(uuid) {
      definitions.delete(uuid);
      await stop(uuid);
    },
    list: (functionName) =>
      [...definitions.values()]
        .filter((definition) => !functionName || definition.functionName === functionName || definition.functionArn === functionName)
        .map((definition) => shown(definition.uuid)),
    get: shown,
    setEnabled(uuid, enabled) {
      const definition = definitions.get(uuid);
      if (!definition) return shown(uuid);
      if (enabled && !running.has(uuid)) start(definition);
      if (!enabled) void stop(uuid);
      return shown(uuid);
    },
    flush: () => running.forEach((mapping) => mapping.flush()),
    activity: () =>
      Object.fromEntries([...running.values()].map((mapping) => [
        mapping.definition.functionName + '←' + nameOfArn(mapping.definition.sourceArn),
        { ...mapping.activity(), source: mapping.definition.sourceArn },
      ])),
    async close() {
      await Promise.all([...running.keys()].map(stop));
    },
  };
}
