import { parseArgs } from 'node:util';
import { InvokeCommand, type LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';

export interface ReplayOptions {
  readonly stage: string;
  readonly dryRun: boolean;
  readonly id: string | undefined;
  /** Where the stage is: for `local` the running local cloud, else AWS as the environment says. */
  readonly client: LambdaClientConfig;
}

const awsPort = 566;

/** @returns the options, or one line that says what is wrong with them */
export function parseOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): ReplayOptions | string {
  const usage = 'usage: npm run replay -- [--dry-run] [--id ID] [--stage S] [--port-base B]';
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        'dry-run': { type: 'boolean', default: false }, id: { type: 'string' }, stage: { type: 'string', default: 'local' },
        'port-base': { type: 'string', default: '4000' },
      },
    });
    const base = Number(values['port-base']);
    if (!Number.isInteger(base) || base < 1 || base > 60_000) return `replay: --port-base must be a port number; ${usage}`;
    const local = values.stage === 'local' && env['AWS_ENDPOINT_URL'] === undefined;
    return {
      stage: values.stage, dryRun: values['dry-run'], id: values.id,
      client: local
        ? { endpoint: `http://127.0.0.1:${base + awsPort}`, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
        : {},
    };
  } catch (error) {
    return `replay: ${error instanceof Error ? error.message : 'the options cannot be read'}; ${usage}`;
  }
}

const answer = z.object({
  entries: z.array(z.object({ id: z.string(), code: z.string(), outcome: z.string(), message: z.optional(z.string()) })),
});

/** @returns the exit status: 0; 1 when the stage cannot be reached or a named entry is not there */
export async function replay(
  { stage, dryRun, id }: ReplayOptions, client: Pick<LambdaClient, 'send'>, out: (line: string) => void, note: (line: string) => void,
): Promise<number> {
  const FunctionName = `orderflow-ingest-${stage}-replay`;
  let payload: string;
  try {
    const input = { dryRun, ...(id === undefined ? {} : { id }) };
    const reply = await client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(input)) }));
    payload = Buffer.from(reply.Payload ?? []).toString('utf8');
    if (reply.FunctionError !== undefined) throw new Error(`${FunctionName} failed; its log says why`);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    note(`replay: ${stage === 'local' ? 'is the local cloud running (npm start)? ' : ''}${why}`);
    return 1;
  }
  const { entries } = z.parse(answer, JSON.parse(payload));
  for (const entry of entries) {
    out(`${entry.id}  ${dryRun && entry.outcome === 'taken' ? 'would be taken' : entry.outcome}  ${entry.code}${entry.message === undefined ? '' : `  ${entry.message}`}`);
  }
  if (id !== undefined && entries.length === 0) {
    note(`replay: nothing in quarantine has the id ${id}`);
    return 1;
  }
  const taken = entries.filter(({ outcome }) => outcome === 'taken').length;
  note(`${entries.length} in quarantine, ${taken} ${dryRun ? 'would be taken' : 'taken'}, ${entries.length - taken} left`);
  return 0;
}
