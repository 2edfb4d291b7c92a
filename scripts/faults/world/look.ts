import { FilterLogEventsCommand, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeExecutionCommand, ListExecutionsCommand, type ExecutionStatus } from '@aws-sdk/client-sfn';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { quarantineEntries, type QuarantineEntry } from '../../start/scan/found.ts';
import type { Cell } from '../../start/scan/sql.ts';
import { names } from '../../start/stage.ts';
import type { World } from './world.ts';

/** A message in the outbox; `via` says whether SES or SNS brought it there. */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | undefined;
  readonly via: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Stored {
  readonly destination: { readonly to: readonly string[] };
  readonly subject: string;
  readonly body: { readonly text?: string; readonly html?: string };
  readonly via: string;
  readonly headers: Readonly<Record<string, string>>;
}

export async function mails({ stage }: World): Promise<Mail[]> {
  const answer = (await (await fetch(`http://127.0.0.1:${stage.mailPort}/store`)).json()) as { emails: Stored[] };
  return answer.emails.map(({ destination, subject, body, via, headers }) => ({ to: destination.to, subject, text: body.text ?? '', html: body.html, via, headers }));
}

/** An item of the in-flight table as DynamoDB holds it. */
export type Row = Readonly<Record<string, unknown>>;

/** A text attribute; empty where there is none. */
export const text = (row: Row | undefined, name: string): string => {
  const value = row?.[name];
  return typeof value === 'string' ? value : '';
};

export const item = async ({ stage }: World, pk: string, sk = 'ORDER'): Promise<Row | undefined> =>
  (await stage.dynamodb.send(new GetCommand({ TableName: names.inFlight, Key: { pk, sk }, ConsistentRead: true }))).Item;

export const partition = async ({ stage }: World, pk: string): Promise<Row[]> =>
  (await stage.dynamodb.send(new QueryCommand({ TableName: names.inFlight, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk }, ConsistentRead: true }))).Items ?? [];

export async function rows({ stage }: World, sql: string): Promise<Cell[][]> {
  const found: Cell[][] = [];
  for await (const row of stage.warehouse.query(sql)) found.push(row);
  return found;
}

export const figure = async (world: World, sql: string): Promise<number> => Number((await rows(world, sql))[0]?.[0] ?? 0);

export const quarantine = ({ stage }: World): Promise<QuarantineEntry[]> => quarantineEntries(stage.s3, names.bucket('quarantine'));

export type Machine = 'process-order' | 'process-update' | 'process-return';
export interface Execution {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
}

const machineArn = (machine: Machine): string => `arn:aws:states:eu-west-1:000000000000:stateMachine:orderflow-local-${machine}`;

export async function executions({ states }: World, machine: Machine, status?: ExecutionStatus): Promise<Execution[]> {
  const found: Execution[] = [];
  let nextToken: string | undefined;
  do {
    const page = await states.send(new ListExecutionsCommand({ stateMachineArn: machineArn(machine), maxResults: 1000, ...(status && { statusFilter: status }), ...(nextToken === undefined ? {} : { nextToken }) }));
    found.push(...(page.executions ?? []).map((one) => ({ name: one.name ?? '', arn: one.executionArn ?? '', status: one.status ?? '' })));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}

/** Executions that an event has caused, attempt by attempt. */
export const executionsOf = async (world: World, machine: Machine, eventId: string): Promise<Execution[]> =>
  (await executions(world, machine)).filter(({ name }) => name.startsWith(`${eventId}-`));

export const describeExecution = ({ states }: World, arn: string) => states.send(new DescribeExecutionCommand({ executionArn: arn }));

/** Everything that functions have logged since, group by group. */
export async function logged({ logs, startedAt }: World, since = startedAt): Promise<{ readonly group: string; readonly message: string }[]> {
  const found: { group: string; message: string }[] = [];
  for await (const page of paginateDescribeLogGroups({ client: logs }, {})) {
    for (const { logGroupName: group = '' } of page.logGroups ?? []) {
      let nextToken: string | undefined;
      do {
        const events = await logs.send(new FilterLogEventsCommand({ logGroupName: group, startTime: since, limit: 10_000, ...(nextToken === undefined ? {} : { nextToken }) }));
        found.push(...(events.events ?? []).map(({ message = '' }) => ({ group, message })));
        nextToken = events.nextToken;
      } while (nextToken !== undefined);
    }
  }
  return found;
}
