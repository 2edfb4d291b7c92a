import type { Clock } from '../clock.ts';
import type { InvocationResult } from '../lambda/function.ts';
import type { AwsError } from '../service.ts';
import type { DiscardedBatch } from './discarded.ts';
import type { MappingDefinition } from './mapping.ts';

/** What `LastProcessingResult` says. https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html */
export type ProcessingResult = 'No records processed' | 'OK' | `PROBLEM: ${string}`;

/** What a running mapping needs from outside, whatever its source. */
export interface MappingPorts {
  readonly clock: Clock;
  readonly region: string;
  /** Rejects when the function was not reached (throttled, unknown). */
  invoke(functionName: string, payload: string): Promise<InvocationResult>;
  roleOf(functionName: string): string;
  /** Whether the function's role may make this call of its source, and nothing is injected in its way; asked before each. */
  ask?(mapping: MappingDefinition, operation: string): Promise<AwsError | undefined> | AwsError | undefined;
  /** An AWS/Lambda metric of the function. */
  readonly metric: (functionName: string, name: 'IteratorAge' | 'DestinationDeliveryFailures', value: number) => void;
  readonly report: (mapping: MappingDefinition, result: ProcessingResult) => void;
}

export interface StreamPorts extends MappingPorts {
  /** Sends what is given up to the mapping's destination, if it has one; rejects when that was not possible. */
  discard(mapping: MappingDefinition, batch: DiscardedBatch): Promise<void>;
  /** First wait after a failure, doubled up to `backoffMaxMs`. */
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
}

/** What says no forever: a retry would not help. */
export const isPermanent = (error: unknown): boolean => {
  const { status, code } = error as Partial<AwsError>;
  return status !== undefined && status >= 400 && status < 500 && status !== 429 && !/Throttl|TooMany|Exceeded|SlowDown|Timeout/i.test(code ?? '');
};
