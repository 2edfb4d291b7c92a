import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { LocalCloud } from './local-cloud.ts';
import { Warehouse } from './scan/sql.ts';

export const stageName = 'local';
export const region = 'eu-west-1';
const accountId = '000000000000';

/** Names on AWS, composed by convention. */
export const names = {
  events: `orderflow-${stageName}-events`,
  facts: `orderflow-${stageName}-facts`,
  inFlight: `orderflow-${stageName}-in-flight`,
  cursors: `orderflow-${stageName}-cursors`,
  /** Names of the notice queues, up to the name of the source. */
  noticesQueues: `orderflow-${stageName}-notices-`,
  producerRole: `orderflow-${stageName}-producer`,
  bucket: (name: 'archive' | 'quarantine' | 'staging' | 'stream-failures' | 'intake') => `orderflow-${stageName}-${accountId}-${name}`,
} as const;

/** What any program needs to talk to the local cloud as its administrator. */
export const administratorEnvironment = (port: number): Record<string, string> => ({
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
});

/** The running stage, seen from outside by its administrator. */
export interface Stage {
  readonly cloud: LocalCloud;
  readonly warehouse: Warehouse;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBDocumentClient;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly secrets: SecretsManagerClient;
  readonly parameters: SSMClient;
  readonly mailPort: number;
  readonly webhookPort: number;
  /** Address of the stand-in of the vendors' APIs; undefined where none was started. */
  readonly vendors: string | undefined;
  readonly sqs: SQSClient;
  close(): void;
}

export function openStage(ports: { readonly aws: number; readonly mail: number; readonly webhooks: number; readonly vendors?: string | undefined }): Stage {
  const common = {
    region,
    endpoint: `http://127.0.0.1:${ports.aws}`,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const s3 = new S3Client({ ...common, forcePathStyle: true });
  const plain = new DynamoDBClient(common);
  const kinesis = new KinesisClient(common);
  const lambda = new LambdaClient(common);
  const secrets = new SecretsManagerClient(common);
  const parameters = new SSMClient(common);
  const sqs = new SQSClient({ ...common, useQueueUrlAsEndpoint: false });
  const redshift = new RedshiftDataClient(common);
  return {
    cloud: new LocalCloud(ports.aws),
    warehouse: new Warehouse(redshift, stageName),
    s3, kinesis, lambda, secrets, sqs, parameters,
    vendors: ports.vendors,
    dynamodb: DynamoDBDocumentClient.from(plain),
    mailPort: ports.mail,
    webhookPort: ports.webhooks,
    close: () => {
      for (const client of [s3, plain, kinesis, lambda, secrets, sqs, parameters, redshift]) client.destroy();
    },
  };
}
