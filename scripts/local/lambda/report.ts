import type { FunctionDefinition } from './function.ts';

/** Log lines and error payloads that Lambda itself writes. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */

export const exitError = (requestId: string, how: string): string =>
  JSON.stringify({ errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime exited ${how}` });

export const outOfMemory = (requestId: string): string =>
  JSON.stringify({ errorType: 'Runtime.OutOfMemory', errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: signal: killed` });

export const timedOut = (requestId: string, seconds: number): string =>
  JSON.stringify({ errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds` });

/** 6 MB and what Lambda grants on top. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MOST_RESPONSE_BYTES = 6_291_556;

/** The error that stands for a response over the limit; undefined for one below. */
export function responseTooLarge(payload: string): string | undefined {
  if (payload.length * 3 <= MOST_RESPONSE_BYTES) return undefined;
  const bytes = Buffer.byteLength(payload);
  if (bytes <= MOST_RESPONSE_BYTES) return undefined;
  return JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage: `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${MOST_RESPONSE_BYTES} bytes).` });
}

export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  /** Of the environment's first invocation. */
  readonly initMs?: number;
  readonly memoryBytes: number;
  /** The environment did not live through it. */
  readonly died?: 'timeout' | { readonly errorType: string };
}

export function reportLine(definition: FunctionDefinition, report: Report): string {
  const { requestId, durationMs, initMs = 0, died } = report;
  const parts = [
    `REPORT RequestId: ${requestId}`, `Duration: ${durationMs.toFixed(2)} ms`, `Billed Duration: ${Math.ceil(durationMs + initMs)} ms`, `Memory Size: ${definition.memoryMb} MB`,
    `Max Memory Used: ${Math.min(definition.memoryMb, Math.ceil(report.memoryBytes / 1_048_576))} MB`,
    ...(initMs > 0 ? [`Init Duration: ${initMs.toFixed(2)} ms`] : []),
    ...(died === 'timeout' ? ['Status: timeout'] : died ? ['Status: error', `Error Type: ${died.errorType}`] : []),
  ];
  return `${parts.join('\t')}\t`;
}
