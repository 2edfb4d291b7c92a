import type { FunctionDefinition, InvocationResult } from './function.ts';

export type Condition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

/** What a finished asynchronous invocation sends to its destination. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
export interface InvocationRecord {
  readonly version: '1.0';
  readonly timestamp: string;
  readonly requestContext: { readonly requestId: string; readonly functionArn: string; readonly condition: Condition; readonly approximateInvokeCount: number };
  readonly requestPayload: unknown;
  /** Absent for an event that no invocation took. */
  readonly responseContext?: { readonly statusCode: number; readonly executedVersion: string; readonly functionError?: string };
  readonly responsePayload?: unknown;
}

export interface Ending {
  readonly requestId: string;
  readonly payload: string;
  readonly invocations: number;
  readonly condition: Condition;
  readonly at: number;
  readonly result?: InvocationResult;
}

export function invocationRecord(definition: FunctionDefinition, ending: Ending): InvocationRecord {
  const { result } = ending;
  return {
    version: '1.0',
    timestamp: new Date(ending.at).toISOString(),
    requestContext: { requestId: ending.requestId, functionArn: `${definition.arn}:$LATEST`, condition: ending.condition, approximateInvokeCount: ending.invocations },
    requestPayload: JSON.parse(ending.payload) as unknown,
    ...(result && {
      responseContext: { statusCode: 200, executedVersion: '$LATEST', ...(result.functionError ? { functionError: result.functionError } : {}) },
      responsePayload: JSON.parse(result.payload) as unknown,
    }),
  };
}

/** Attributes of a dead letter, whose body is the event itself. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq */
export interface DeadLetter {
  readonly RequestID: string;
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

export function deadLetter(ending: Ending): DeadLetter {
  const failure = ending.result && (JSON.parse(ending.result.payload) as { errorMessage?: string });
  const zero = ending.condition === 'ZeroReservedConcurrency';
  return {
    RequestID: ending.requestId,
    ErrorCode: failure ? '200' : '429',
    ErrorMessage: (zero ? 'Function not invoked. Function is configured with zero reserved concurrent executions' : (failure?.errorMessage ?? 'Rate Exceeded.')).slice(0, 1024) || 'none',
  };
}
