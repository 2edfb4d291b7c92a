import type { FunctionDefinition } from '../function.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html */
export function configurationOf(definition: FunctionDefinition): Record<string, unknown> {
  return {
    FunctionName: definition.name,
    FunctionArn: definition.arn,
    Runtime: definition.runtime,
    Role: definition.role,
    Handler: definition.handler,
    CodeSize: definition.codeSize,
    Description: definition.description ?? '',
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMb,
    LastModified: new Date(definition.modifiedAt ?? 0).toISOString().replace('Z', '+0000'),
    CodeSha256: definition.codeSha256,
    Version: '$LATEST',
    Environment: Object.keys(definition.environment).length > 0 ? { Variables: definition.environment } : undefined,
    DeadLetterConfig: definition.deadLetterArn === undefined ? undefined : { TargetArn: definition.deadLetterArn },
    TracingConfig: { Mode: definition.tracing ?? 'PassThrough' },
    RevisionId: revisionOf(definition),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: [definition.architecture ?? 'x86_64'],
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: definition.logGroup },
  };
}

/** It changes with every change of the function. */
const revisionOf = (definition: FunctionDefinition): string => (definition.modifiedAt ?? 0).toString(16).padStart(32, '0').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
