import { AwsError } from '../service.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
export const throttled = (): AwsError =>
  new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Type: 'User', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' });

export const isThrottle = (error: unknown): boolean => error instanceof AwsError && error.code === 'TooManyRequestsException';
