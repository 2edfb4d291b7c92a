import { AwsError } from '../service.ts';
import type { FunctionDefinition } from './function.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const RESERVED = new Set([
  '_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_LAMBDA_RUNTIME_API', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR',
]);
const MOST_ENVIRONMENT_BYTES = 4096;

/** Properties that would change how a function runs and that do nothing here. */
const REFUSED = ['Layers', 'FileSystemConfigs', 'ImageConfig', 'DurableConfig', 'CapacityProviderConfig', 'TenancyConfig', 'CodeSigningConfigArn'];

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
const constraint = (value: unknown, at: string, what: string): AwsError => new AwsError('ValidationException', `1 validation error detected: Value '${String(value)}' at '${at}' failed to satisfy constraint: Member must ${what}`);

/**
 * What Lambda refuses of a function, and what only the local cloud does (other runtimes than Node.js). Throws AwsError.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export function checkDefinition(definition: FunctionDefinition): void {
  const { name, memoryMb, timeoutSeconds, runtime, environment } = definition;
  if (!/^[a-zA-Z0-9-_]{1,64}$/.test(name)) throw constraint(name, 'functionName', 'satisfy regular expression pattern: [a-zA-Z0-9-_]{1,64}');
  if (!Number.isInteger(memoryMb) || memoryMb < 128) throw constraint(memoryMb, 'memorySize', 'have value greater than or equal to 128');
  if (memoryMb > 10_240) throw constraint(memoryMb, 'memorySize', 'have value less than or equal to 10240');
  if (!Number.isInteger(timeoutSeconds) || timeoutSeconds < 1) throw constraint(timeoutSeconds, 'timeout', 'have value greater than or equal to 1');
  if (timeoutSeconds > 900) throw constraint(timeoutSeconds, 'timeout', 'have value less than or equal to 900');
  if (!/^nodejs\d+\.x$/.test(runtime)) {
    process.stderr.write(`local cloud: function ${name} wants ${runtime}: only Node.js runs here\n`);
    throw invalid(`The local cloud runs Node.js only, not ${runtime}`);
  }
  const reserved = Object.keys(environment).filter((key) => RESERVED.has(key));
  if (reserved.length > 0) {
    throw invalid(`Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(environment));
  if (bytes > MOST_ENVIRONMENT_BYTES) {
    throw invalid(`Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(environment).slice(0, 40)}…`);
  }
  if (definition.deadLetterArn !== undefined && !/^arn:aws[\w-]*:(sqs|sns):/.test(definition.deadLetterArn)) throw invalid(`The provided target ARN ${definition.deadLetterArn} is neither a queue nor a topic.`);
}

/** Refuses, loudly, what a template or a call asks of a function and the local cloud does not have. Throws AwsError. */
export function refuseUnsupported(name: string, properties: Readonly<Record<string, unknown>>): void {
  const asked = REFUSED.filter((key) => {
    const value = properties[key];
    return value !== undefined && value !== null && value !== '' && Object.keys(value).length > 0;
  });
  if (properties['PackageType'] === 'Image') asked.push('PackageType=Image');
  if (properties['Publish'] === true) asked.push('versions (Publish)');
  if ((properties['LoggingConfig'] as { LogFormat?: string } | undefined)?.LogFormat === 'JSON') asked.push('LogFormat=JSON');
  if ((properties['SnapStart'] as { ApplyOn?: string } | undefined)?.ApplyOn === 'PublishedVersions') asked.push('SnapStart');
  if (asked.length === 0) return;
  process.stderr.write(`local cloud: function ${name} asks for ${asked.join(', ')}, which is not here\n`);
  throw invalid(`The local cloud has no ${asked.join(', ')}`);
}
