import { AwsError } from '../service.ts';

/** How each service says that it is asked too often: code and status of its API reference's error list. */
const known: Readonly<Record<string, readonly [code: string, status: number]>> = {
  cloudformation: ['Throttling', 400],
  dynamodb: ['ProvisionedThroughputExceededException', 400],
  events: ['ThrottlingException', 400],
  kinesis: ['ProvisionedThroughputExceededException', 400],
  lambda: ['TooManyRequestsException', 429],
  logs: ['ThrottlingException', 400],
  monitoring: ['Throttling', 400],
  'redshift-data': ['ThrottlingException', 400],
  s3: ['SlowDown', 503],
  sagemaker: ['ThrottlingException', 400],
  scheduler: ['ThrottlingException', 429],
  secretsmanager: ['ThrottlingException', 400],
  ses: ['TooManyRequestsException', 429],
  sns: ['Throttled', 429],
  sqs: ['RequestThrottled', 403],
  ssm: ['ThrottlingException', 400],
  states: ['ThrottlingException', 400],
  sts: ['Throttling', 400],
};

export function throttling(service: string): AwsError {
  const [code, status] = known[service] ?? ['ThrottlingException', 400];
  return new AwsError(code, 'Rate exceeded', status);
}
