import type { FunctionDefinition } from './function.ts';

export interface RuntimeAddresses {
  readonly region: string;
  /** `AWS_ENDPOINT_URL` and the `AWS_ENDPOINT_URL_<SERVICE>` variables of services that skip the router. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Further variables of this machine (addresses of stand-ins); a function's own ones win. */
  readonly more?: Readonly<Record<string, string>>;
}

/**
 * The whole environment of a function: what Lambda sets, where the local cloud is, and the function's own variables last.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function variablesOf(definition: FunctionDefinition, addresses: RuntimeAddresses): Record<string, string> {
  // Its source maps are not unpacked, and every option costs each environment's start.
  const { NODE_OPTIONS: _unused, ...own } = definition.environment;
  return {
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    AWS_REGION: addresses.region,
    AWS_DEFAULT_REGION: addresses.region,
    AWS_ACCESS_KEY_ID: definition.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    ...addresses.endpoints,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
    LAMBDA_TASK_ROOT: definition.folder,
    _HANDLER: definition.handler,
    // No X-Ray daemon here; the tracer must stay silent.
    POWERTOOLS_TRACE_ENABLED: 'false',
    AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
    ...addresses.more,
    ...own,
  };
}
