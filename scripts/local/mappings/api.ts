import { functionNameOf } from '../lambda/runtime.ts';
import { RestAnswer, type RestTable } from '../rest-protocol.ts';
import type { Mappings } from '../mappings.ts';
import type { ManagedMapping } from './managed.ts';
import { isStream } from './mapping.ts';
import { invalid, mappingFrom } from './settings.ts';

const PAGE = 100;
/** What UpdateEventSourceMapping cannot change. */
const FIXED = ['EventSourceArn', 'StartingPosition', 'StartingPositionTimestamp', 'Tags'];

type Input = Record<string, unknown>;

/** https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html */
export function mappingShape({ row, state }: ManagedMapping): Input {
  const definition = mappingFrom(row.uuid, row.functionName, row.functionArn, row.settings);
  const common = {
    UUID: row.uuid, BatchSize: definition.batchSize, MaximumBatchingWindowInSeconds: definition.windowSeconds,
    EventSourceArn: definition.sourceArn, EventSourceMappingArn: row.functionArn.replace(/:function:.*$/, `:event-source-mapping:${row.uuid}`), FunctionArn: row.functionArn,
    ...(definition.filters.length > 0 && { FilterCriteria: { Filters: definition.filters.map((Pattern) => ({ Pattern })) } }),
    LastModified: row.modifiedAt / 1000, State: state, StateTransitionReason: 'USER_INITIATED',
    FunctionResponseTypes: definition.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
  };
  if (!isStream(definition.sourceArn)) return { ...common, ...(definition.maximumConcurrency !== undefined && { ScalingConfig: { MaximumConcurrency: definition.maximumConcurrency } }) };
  return {
    ...common,
    LastProcessingResult: row.lastResult ?? 'No records processed', StateTransitionReason: 'User action',
    StartingPosition: definition.startingPosition, ...(definition.startingAt !== undefined && { StartingPositionTimestamp: definition.startingAt / 1000 }),
    ParallelizationFactor: definition.parallelization, BisectBatchOnFunctionError: definition.bisect,
    MaximumRecordAgeInSeconds: definition.maximumRecordAgeSeconds, MaximumRetryAttempts: definition.maximumRetryAttempts, TumblingWindowInSeconds: 0,
    DestinationConfig: definition.onFailure === undefined ? {} : { OnFailure: { Destination: definition.onFailure } },
  };
}

function listed(mappings: Mappings, query: URLSearchParams): Input {
  const wanted = query.get('FunctionName');
  const source = query.get('EventSourceArn');
  const most = Number(query.get('MaxItems') ?? PAGE);
  if (!Number.isInteger(most) || most < 1) throw invalid(`MaxItems is a number from 1, not ${query.get('MaxItems') ?? ''}`);
  const found = mappings.all()
    .filter(({ row }) => (wanted === null || row.functionName === functionNameOf(wanted)) && (source === null || row.settings['EventSourceArn'] === source))
    .sort((a, b) => (a.row.uuid < b.row.uuid ? -1 : 1))
    .filter(({ row }) => row.uuid > (query.get('Marker') ?? ''));
  const page = found.slice(0, Math.min(most, PAGE));
  return { EventSourceMappings: page.map(mappingShape), ...(found.length > page.length && { NextMarker: page.at(-1)?.row.uuid }) };
}

const PATH = '/2015-03-31/event-source-mappings';

/** Event source mappings in the Lambda API. */
export const mappingRoutes = (mappings: Mappings): RestTable => ({
  [`GET ${PATH}`]: ['ListEventSourceMappings', (_parts, _input, { query }) => listed(mappings, query)],
  [`POST ${PATH}`]: ['CreateEventSourceMapping', async (_parts, input) => {
    if (typeof input['FunctionName'] !== 'string' || input['FunctionName'] === '') throw invalid('FunctionName is required');
    return new RestAnswer(202, mappingShape(await mappings.create(input)));
  }],
  [`GET ${PATH}/{uuid}`]: ['GetEventSourceMapping', ({ uuid = '' }) => mappingShape(mappings.get(uuid))],
  [`PUT ${PATH}/{uuid}`]: ['UpdateEventSourceMapping', async ({ uuid = '' }, input) => {
    for (const name of FIXED) if (input[name] !== undefined) throw invalid(`${name} of an event source mapping cannot be changed`);
    return new RestAnswer(202, mappingShape(await mappings.update(uuid, input)));
  }],
  [`DELETE ${PATH}/{uuid}`]: ['DeleteEventSourceMapping', ({ uuid = '' }) => new RestAnswer(202, mappingShape(mappings.delete(uuid)))],
});
