import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { BatchExecuteStatementCommand, DescribeStatementCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateEmailIdentityCommand, SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { DescribeExecutionCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';

/** One operation as Orderflow uses it. */
export interface MeasuredCall {
  readonly name: string;
  /** Calls for a paid order: the weights of the average. Shares of batches count as what they are: 1 in 50, say. */
  readonly perOrder: number;
  /** A DynamoDB write. */
  readonly write?: boolean;
  run(at: number): Promise<unknown>;
}

/**
 * Clients that carry the key of a function, and resources made by an administrator. `endpoints` are the variables that
 * functions get (`AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_DYNAMODB` …): the calls go the way theirs go.
 */
export async function openCalls(endpoints: Readonly<Record<string, string>>, accessKeyId: string): Promise<{ readonly operations: readonly MeasuredCall[]; close(): void }> {
  const at = (service: string): string => endpoints[`AWS_ENDPOINT_URL_${service}`] ?? endpoints['AWS_ENDPOINT_URL'] ?? '';
  const as = (key: string, service = '') => ({ endpoint: at(service), region: 'eu-west-1', forcePathStyle: true, credentials: { accessKeyId: key, secretAccessKey: 'local' } });
  const opened: { destroy(): void }[] = [];
  const open = <T extends { destroy(): void }>(make: new (options: ReturnType<typeof as>) => T, key = accessKeyId, service = ''): T => {
    const client = new make(as(key, service));
    opened.push(client);
    return client;
  };
  const admin = 'local';
  const TableName = 'bench';
  await open(DynamoDBClient, admin).send(new CreateTableCommand({
    TableName, BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, { AttributeName: 'sk', AttributeType: 'S' }],
  }));
  await open(KinesisClient, admin).send(new CreateStreamCommand({ StreamName: 'bench', ShardCount: 2 }));
  await open(S3Client, admin).send(new CreateBucketCommand({ Bucket: 'bench-objects' }));
  const { QueueUrl } = await open(SQSClient, admin).send(new CreateQueueCommand({ QueueName: 'bench' }));
  const { TopicArn } = await open(SNSClient, admin).send(new CreateTopicCommand({ Name: 'bench' }));
  await open(SESv2Client, admin).send(new CreateEmailIdentityCommand({ EmailIdentity: 'bench.example' }));
  await open(SecretsManagerClient, admin).send(new CreateSecretCommand({ Name: 'bench', SecretString: 'local' }));
  const { stateMachines = [] } = await open(SFNClient, admin).send(new ListStateMachinesCommand({}));

  const [dynamodb, kinesis, s3, sqs, sns, ses, secrets, states, redshift] = [
    DynamoDBDocumentClient.from(open(DynamoDBClient, accessKeyId, 'DYNAMODB')), open(KinesisClient), open(S3Client, accessKeyId, 'S3'), open(SQSClient, accessKeyId, 'SQS'), open(SNSClient, accessKeyId, 'SNS'), open(SESv2Client), open(SecretsManagerClient), open(SFNClient), open(RedshiftDataClient),
  ];
  const passed = DynamoDBDocumentClient.from(open(DynamoDBClient));
  const key = (at: number) => ({ pk: `shop:default:${at}`, sk: 'ORDER' });
  const order = (at: number) => ({ ...key(at), state: 'RECEIVED', version: 1, payload: 'x'.repeat(1500), lines: Array.from({ length: 4 }, (_, line) => ({ id: String(line), quantity: 2, total: 1999 })) });
  const body = 'x'.repeat(1500);
  const statement = await redshift.send(new BatchExecuteStatementCommand({ WorkgroupName: 'orderflow-local', Database: 'orderflow', Sqls: ['SELECT 1', 'SELECT 2'] }));
  const operations: MeasuredCall[] = [
    { name: 'dynamodb PutItem', perOrder: 0, write: true, run: (at) => dynamodb.send(new PutCommand({ TableName, Item: order(at) })) },
    {
      name: 'dynamodb UpdateItem', perOrder: 5, write: true,
      run: (at) => dynamodb.send(new UpdateCommand({
        TableName, Key: key(at), UpdateExpression: 'SET #state = :state, #version = #version + :one, payment = :payment', ConditionExpression: 'attribute_exists(pk) AND #state <> :gone',
        ExpressionAttributeNames: { '#state': 'state', '#version': 'version' }, ExpressionAttributeValues: { ':state': 'CONSTRUCTED', ':one': 1, ':payment': { status: 'PAID', at }, ':gone': 'FORGOTTEN' },
      })),
    },
    {
      name: 'dynamodb TransactWriteItems', perOrder: 3, write: true,
      run: (at) => dynamodb.send(new TransactWriteCommand({ TransactItems: [
        { Put: { TableName, Item: { ...order(at), sk: `UPDATE#${at}` }, ConditionExpression: 'attribute_not_exists(pk)' } },
        { Put: { TableName, Item: { pk: `CLAIM#${at}`, sk: 'CLAIM', hash: 'x'.repeat(32) }, ConditionExpression: 'attribute_not_exists(pk)' } },
      ] })),
    },
    { name: 'dynamodb GetItem', perOrder: 3, run: (at) => dynamodb.send(new GetCommand({ TableName, Key: key(at) })) },
    { name: 'dynamodb GetItem by the one port', perOrder: 0, run: (at) => passed.send(new GetCommand({ TableName, Key: key(at) })) },
    { name: 'dynamodb Query', perOrder: 1, run: (at) => dynamodb.send(new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': key(at).pk }, ConsistentRead: true })) },
    { name: 'kinesis PutRecords of 10', perOrder: 0.2, run: (at) => kinesis.send(new PutRecordsCommand({ StreamName: 'bench', Records: Array.from({ length: 10 }, (_, one) => ({ PartitionKey: `k${at}-${one}`, Data: Buffer.from(body) })) })) },
    { name: 's3 PutObject', perOrder: 0.1, run: (at) => s3.send(new PutObjectCommand({ Bucket: 'bench-objects', Key: `raw/${at}`, Body: body })) },
    { name: 's3 GetObject', perOrder: 0.05, run: async (at) => (await s3.send(new GetObjectCommand({ Bucket: 'bench-objects', Key: `raw/${at}` }))).Body?.transformToByteArray() },
    { name: 'sqs SendMessage', perOrder: 0, run: () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body })) },
    {
      name: 'sqs ReceiveMessage and DeleteMessage', perOrder: 0,
      async run() {
        const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
        if (message) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
      },
    },
    { name: 'sns Publish', perOrder: 1, run: () => sns.send(new PublishCommand({ TopicArn, Message: body })) },
    { name: 'ses SendEmail', perOrder: 1, run: () => ses.send(new SendEmailCommand({ FromEmailAddress: 'a@bench.example', Destination: { ToAddresses: ['b@mail.example'] }, Content: { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: body } } } } })) },
    { name: 'secretsmanager GetSecretValue', perOrder: 0, run: () => secrets.send(new GetSecretValueCommand({ SecretId: 'bench' })) },
    // a start would run functions: what is measured is the call's way in and out
    { name: 'states DescribeExecution', perOrder: 1, run: () => states.send(new DescribeExecutionCommand({ executionArn: `${stateMachines[0]?.stateMachineArn?.replace(':stateMachine:', ':execution:')}:none` })).catch(() => undefined) },
    { name: 'redshift-data DescribeStatement', perOrder: 0.05, run: () => redshift.send(new DescribeStatementCommand({ Id: statement.Id })) },
  ];
  return { operations, close: () => opened.forEach((client) => client.destroy()) };
}
