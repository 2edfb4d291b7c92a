/** An error as the Node.js runtime reports it. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export function failureOf(error: unknown): Failure {
  if (error instanceof Error || (typeof error === 'object' && error !== null && 'name' in error && 'message' in error && 'stack' in error)) {
    const { name, message, stack } = error as Error;
    return { errorType: name || 'Error', errorMessage: message, trace: (stack ?? '').split('\n') };
  }
  return { errorType: error === null ? 'object' : typeof error, errorMessage: String(error), trace: [] };
}

/** An error of the runtime itself: its name is what the caller sees as `errorType`. */
export const runtimeError = (name: string, message: string): Error => Object.assign(new Error(message), { name: `Runtime.${name}` });

export function unhandledRejection(reason: unknown): Failure {
  const { trace } = failureOf(reason);
  return { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: String(reason), trace: [`Runtime.UnhandledPromiseRejection: ${String(reason)}`, ...trace.slice(1)] };
}
