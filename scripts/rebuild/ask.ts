import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';

/** The stage cannot be reached, or its function failed: the message says what to do. */
export class AskFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AskFailed';
  }
}

/** Invokes a function of the stage and waits for its answer. @throws AskFailed */
export async function ask(client: Pick<LambdaClient, 'send'>, stage: string, name: string, input: object): Promise<unknown> {
  const FunctionName = `orderflow-${name.replace('/', `-${stage}-`)}`;
  let payload: unknown;
  let failed: string | undefined;
  try {
    const reply = await client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(input)) }));
    payload = JSON.parse(Buffer.from(reply.Payload ?? []).toString('utf8') || 'null');
    failed = reply.FunctionError;
  } catch (error) {
    throw new AskFailed(`${stage === 'local' ? 'is the local cloud running (npm start)? ' : ''}${error instanceof Error ? error.message : 'unknown'}`);
  }
  if (failed !== undefined) throw new AskFailed((payload as { readonly errorMessage?: string } | null)?.errorMessage ?? `${FunctionName} failed; its log says why`);
  return payload;
}

const tableSum = z.object({ table: z.string(), rows: z.number(), checksum: z.string() });
/** Contents of a table, whatever the order of its rows: equal sums, equal rows. */
export type TableSum = z.infer<typeof tableSum>;
const sumsAnswer = z.object({ tables: z.array(tableSum), after: z.optional(z.string()) });

/** The contents of all tables that facts fill. @throws AskFailed */
export async function sumsOf(client: Pick<LambdaClient, 'send'>, stage: string): Promise<TableSum[]> {
  const all: TableSum[] = [];
  for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
    const page = z.parse(sumsAnswer, await ask(client, stage, 'warehouse/rebuild', { step: 'checksums', ...(after !== undefined && { after }) }));
    all.push(...page.tables);
    after = page.after;
  }
  return all;
}
