import { functionRoutes, type CodePorts } from './lambda/api/functions.ts';
import { invokeRoutes } from './lambda/api/invoke.ts';
import { settingRoutes } from './lambda/api/settings.ts';
import type { LambdaRuntime } from './lambda/runtime.ts';
import { mappingRoutes } from './mappings/api.ts';
import type { Mappings } from './mappings.ts';
import { restProtocol } from './rest-protocol.ts';
import type { LocalService } from './service.ts';

/**
 * The Lambda REST API over the runtime: a table of routes for each subject. Versions, aliases, layers, function URLs and
 * response streams are not here. https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
export function lambdaService(runtime: LambdaRuntime, ports: CodePorts, mappings: Mappings): LocalService {
  return {
    ...restProtocol(['lambda'], { ...invokeRoutes(runtime), ...functionRoutes(runtime, ports), ...settingRoutes(runtime), ...mappingRoutes(mappings) }),
    close: () => runtime.close(),
  };
}
