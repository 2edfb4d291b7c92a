import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/**
 * SDK clients, each made when first asked for and kept for the life of the process: connections stay open between
 * invocations (https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html). Region, credentials and endpoint come
 * from the environment, as everywhere in AWS.
 */

export interface ClientLimits {
  /** Milliseconds to open a connection. */
  readonly connectionTimeout: number;
  /** Milliseconds until the whole answer must be here. */
  readonly requestTimeout: number;
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
}

const usual: ClientLimits = { connectionTimeout: 1_000, requestTimeout: 10_000, maxAttempts: 3 };

const settings = (limits: Partial<ClientLimits> = {}) => {
  const { maxAttempts, connectionTimeout, requestTimeout } = { ...usual, ...limits };
  return {
    maxAttempts,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({ connectionTimeout, requestTimeout, throwOnRequestTimeout: true }),
  };
};

// the calls are marked pure, so that a bundle keeps only the clients that it uses
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

export const dynamoClient = /* @__PURE__ */ once(() => new DynamoDBClient(settings({ requestTimeout: 5_000 })));
export const documentClient = /* @__PURE__ */ once(() =>
  DynamoDBDocumentClient.from(dynamoClient(), { marshallOptions: { removeUndefinedValues: true } }),
);
/**
 * Over HTTP/1.1: one kept-alive connection is cheaper than an HTTP/2 session for calls one after the other. One attempt:
 * whoever writes to a stream (shared/stream) tries again what was not taken, and nothing else.
 */
export const kinesisClient = /* @__PURE__ */ once(() => new KinesisClient(settings({ requestTimeout: 5_000, maxAttempts: 1 })));
export const s3Client = /* @__PURE__ */ once(
  () => new S3Client({ ...settings({ requestTimeout: 30_000 }), forcePathStyle: true }),
);
/** For callers that try again themselves; with connections of its own, so that what waits here holds up nobody else. */
export const s3ClientOnce = /* @__PURE__ */ once(
  () => new S3Client({ ...settings({ requestTimeout: 15_000, maxAttempts: 1 }), forcePathStyle: true }),
);
/** Queues are asked at the region's endpoint (or the stage's own), whatever host their address names. */
export const sqsClient = /* @__PURE__ */ once(() => new SQSClient({ ...settings(), useQueueUrlAsEndpoint: false }));
/** One attempt for SNS and SES: a notice or mail whose answer was lost must not go out twice (FAULTS I5). */
export const snsClient = /* @__PURE__ */ once(() => new SNSClient(settings({ maxAttempts: 1 })));
export const sesClient = /* @__PURE__ */ once(() => new SESv2Client(settings({ maxAttempts: 1 })));
export const sfnClient = /* @__PURE__ */ once(() => new SFNClient(settings()));
export const lambdaClient = /* @__PURE__ */ once(() => new LambdaClient(settings({ requestTimeout: 60_000 })));
/** Waits for the answer of a function that may work as long as a function may. One attempt: it may be at work still. */
export const patientLambdaClient = /* @__PURE__ */ once(() => new LambdaClient(settings({ requestTimeout: 900_000, maxAttempts: 1 })));
export const redshiftDataClient = /* @__PURE__ */ once(() => new RedshiftDataClient(settings({ requestTimeout: 60_000 })));
export const sageMakerClient = /* @__PURE__ */ once(() => new SageMakerRuntimeClient(settings({ requestTimeout: 20_000, maxAttempts: 2 })));
/** For a caller that tries again itself and has a deadline of its own. */
export const sageMakerClientOnce = /* @__PURE__ */ once(() => new SageMakerRuntimeClient(settings({ requestTimeout: 60_000, maxAttempts: 1 })));
export const cloudWatchClient = /* @__PURE__ */ once(() => new CloudWatchClient(settings()));
export const secretsClient = /* @__PURE__ */ once(() => new SecretsManagerClient(settings()));
export const ssmClient = /* @__PURE__ */ once(() => new SSMClient(settings()));
