import { ListQueuesCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { ScanCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What became of each thin notice, by the id of its event: `events`, `nothing`, `quarantined`; or `dead-letter`. */
export type NoticeEnds = ReadonlyMap<string, string>;

/** The results that the fetcher has recorded in the cursor table. */
async function results(dynamodb: DynamoDBDocumentClient, table: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let start: Record<string, unknown> | undefined;
  do {
    const page = await dynamodb.send(new ScanCommand({
      TableName: table, FilterExpression: 'begins_with(pk, :notice)', ExpressionAttributeValues: { ':notice': 'notice#' },
      ...(start && { ExclusiveStartKey: start }),
    }));
    for (const item of page.Items ?? []) found.set(String(item['pk']).slice('notice#'.length), String(item['result']));
    start = page.LastEvaluatedKey;
  } while (start);
  return found;
}

/** Ids of the notices in dead-letter queues, which are looked at and left there. */
async function deadLetters(sqs: SQSClient, prefix: string): Promise<string[]> {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix }));
  const found = new Set<string>();
  for (const QueueUrl of QueueUrls.filter((url) => url.endsWith('-dead-letters'))) {
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 20 }));
      for (const { Body } of Messages) found.add((JSON.parse(Body ?? '{}') as { readonly id?: string }).id ?? '');
      if (Messages.length === 0) break;
    }
  }
  return [...found];
}

export async function noticeEnds(dynamodb: DynamoDBDocumentClient, table: string, sqs: SQSClient, prefix: string): Promise<NoticeEnds> {
  const [ended, dead] = await Promise.all([results(dynamodb, table), deadLetters(sqs, prefix)]);
  for (const id of dead) ended.set(id, 'dead-letter');
  return ended;
}

/** What the stand-in of the vendors has handed out: `<source>/<account>/<id>` → SHA-256 of each version. */
export async function handedOut(vendors: string | undefined): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (vendors === undefined) return new Map();
  const answer = (await (await fetch(`${vendors}/control/served`)).json()) as Record<string, string[]>;
  return new Map(Object.entries(answer).map(([key, hashes]) => [key, new Set(hashes)]));
}
