import { AwsError } from '../../service.ts';
import { sessionArn, type Principal } from './judge.ts';
import type { Verdict } from './policy.ts';

/** How each service says no: its code and HTTP status. */
const REFUSALS: Readonly<Record<string, readonly [code: string, status: number]>> = {
  s3: ['AccessDenied', 403], sqs: ['AccessDenied', 403], sns: ['AuthorizationError', 403], sts: ['AccessDenied', 403], cloudformation: ['AccessDenied', 403], iam: ['AccessDenied', 403], monitoring: ['AccessDenied', 403],
  lambda: ['AccessDeniedException', 403], ses: ['AccessDeniedException', 403], scheduler: ['AccessDeniedException', 403], sagemaker: ['AccessDeniedException', 403],
};
const UNKNOWN_KEYS: Readonly<Record<string, readonly [code: string, status: number]>> = {
  s3: ['InvalidAccessKeyId', 403], sqs: ['InvalidClientTokenId', 403], sns: ['InvalidClientTokenId', 403], sts: ['InvalidClientTokenId', 403], cloudformation: ['InvalidClientTokenId', 403], iam: ['InvalidClientTokenId', 403], monitoring: ['InvalidClientTokenId', 403],
  lambda: ['UnrecognizedClientException', 403], ses: ['UnrecognizedClientException', 403], scheduler: ['UnrecognizedClientException', 403], sagemaker: ['UnrecognizedClientException', 403],
};

/** The words of AWS. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
export function accessDenied(service: string, principal: Principal, action: string, resource: string, outcome: Verdict['outcome']): AwsError {
  const [code, status] = REFUSALS[service] ?? ['AccessDeniedException', 400];
  const why = outcome === 'denied' ? 'with an explicit deny in a policy' : `because no identity-based policy allows the ${action} action`;
  return new AwsError(code, `User: ${sessionArn(principal)} is not authorized to perform: ${action} on resource: ${resource} ${why}`, status);
}

/** Nobody is let in without a signature; nothing here is public. */
export function unsigned(service: string): AwsError {
  if (service === 's3') return new AwsError('AccessDenied', 'Access Denied', 403);
  return service in UNKNOWN_KEYS ? new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403) : new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
}

export function unknownKey(service: string): AwsError {
  const [code, status] = UNKNOWN_KEYS[service] ?? ['UnrecognizedClientException', 400];
  return new AwsError(code, 'The security token included in the request is invalid.', status);
}

export const expiredKey = (service: string): AwsError => new AwsError(service === 's3' || service in UNKNOWN_KEYS ? 'ExpiredToken' : 'ExpiredTokenException', 'The security token included in the request is expired', UNKNOWN_KEYS[service]?.[1] ?? 400);
