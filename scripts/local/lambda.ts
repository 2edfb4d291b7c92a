import { functionRoutes, type CodePorts } from './lambda/api/functions.ts';
import { invokeRoutes } from './lambda/api/invoke.ts';
import { settingRoutes } from './lambda/api/settings.ts';
import type { LambdaRuntime } from './lambda/runtime.ts';
import { RestAnswer, restProtocol, type RestTable } from './rest-protocol.ts';
import type { LocalService } from './service.ts';

/** Event-source mappings as the Lambda API shows and switches them. */
export interface MappingsApi {
  list(functionName?: string): unknown[];
  get(uuid: string): unknown;
  setEnabled(uuid: string, enabled: boolean): unknown;
}

const mappingRoutes = (mappings: MappingsApi): RestTable => ({
  'GET /2015-03-31/event-source-mappings': ['ListEventSourceMappings', (_parts, _input, { query }) => ({ EventSourceMappings: mappings.list(query.get('FunctionName') ?? undefined) })],
  'GET /2015-03-31/event-source-mappings/{uuid}': ['GetEventSourceMapping', ({ uuid = '' }) => mappings.get(uuid)],
  'PUT /2015-03-31/event-source-mappings/{uuid}': ['UpdateEventSourceMapping', ({ uuid = '' }, input) => new RestAnswer(202, mappings.setEnabled(uuid, input['Enabled'] !== false))],
});

/**
 * The Lambda REST API over the runtime: a table of routes for each subject. Versions, aliases, layers, function URLs and
 * response streams are not here. https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
export function lambdaService(runtime: LambdaRuntime, ports: CodePorts, mappings: MappingsApi): LocalService {
  return {
    ...restProtocol(['lambda'], { ...invokeRoutes(runtime), ...functionRoutes(runtime, ports), ...settingRoutes(runtime), ...mappingRoutes(mappings) }),
    close: () => runtime.close(),
  };
}
