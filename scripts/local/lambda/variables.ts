import type { FunctionDefinition } from './function.ts';

export interface RuntimeAddresses {
  readonly region: string;
  /** The one port, e.g. `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  /** Service id in upper case with underscores (`DYNAMODB`, `SAGEMAKER_RUNTIME`) → an address that skips the router. */
  readonly direct?: Readonly<Record<string, string>>;
}

/** The whole environment of a function: what Lambda sets, where the local cloud is, and the function's own variables last. */
export function variablesOf(definition: FunctionDefinition, addresses: RuntimeAddresses): Record<string, string> {
  const direct = Object.entries(addresses.direct ?? {}).map(([service, url]) => [`AWS_ENDPOINT_URL_${service}`, url]);
  return {
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_REGION: addresses.region,
    AWS_DEFAULT_REGION: addresses.region,
    AWS_ACCESS_KEY_ID: definition.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: addresses.endpoint,
    ...(Object.fromEntries(direct) as Record<string, string>),
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
    ...definition.environment,
  };
}
