import { parseArgs } from 'node:util';
import type { LambdaClientConfig } from '@aws-sdk/client-lambda';

const usage =
  'usage: npm run review -- list | approve ID [--amount N] | reject ID --reason TEXT | partial ID --amount N [--reason TEXT]   ' +
  '[--order KEY] [--reviewer NAME] [--stage S] [--port-base B]; N is in minor units (cents)';

const actions = ['list', 'approve', 'reject', 'partial'] as const;
type Action = (typeof actions)[number];

export interface ReviewOptions {
  readonly action: Action;
  readonly id: string | undefined;
  /** Partition of the return, as the notice says it; else it is looked up among those that wait. */
  readonly order: string | undefined;
  readonly amount: number | undefined;
  readonly reason: string | undefined;
  readonly reviewer: string;
  readonly stage: string;
  /** Where the stage is: for `local` the running local cloud, else AWS as the environment says. */
  readonly client: LambdaClientConfig;
}

const awsPort = 566;

/** @returns the options, or one line that says what is wrong with them */
export function parseReviewOptions(args: readonly string[], user: string): ReviewOptions | string {
  const wrong = (what: string): string => `review: ${what}; ${usage}`;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        order: { type: 'string' }, amount: { type: 'string' }, reason: { type: 'string' }, reviewer: { type: 'string', default: user },
        stage: { type: 'string', default: 'local' }, 'port-base': { type: 'string', default: '4000' },
      },
    });
    const [name, id, ...more] = positionals;
    const action = actions.find((one) => one === name);
    if (action === undefined) return wrong(name === undefined ? 'say what to do' : `${name} is no action`);
    if (more.length > 0) return wrong(`${more[0]} is one word too many`);
    if (action !== 'list' && id === undefined) return wrong(`${action} needs the ID of a return`);
    if (action === 'reject' && !values.reason) return wrong('a rejection needs --reason: the customer is told it');
    if (action === 'partial' && values.amount === undefined) return wrong('a partial refund needs --amount');
    const amount = values.amount === undefined ? undefined : Number(values.amount);
    if (amount !== undefined && (!Number.isSafeInteger(amount) || amount < 1)) return wrong('--amount must be a whole number of minor units (cents), at least 1');
    const base = Number(values['port-base']);
    if (!Number.isInteger(base) || base < 1 || base > 60_000) return wrong('--port-base must be a port number');
    const local = values.stage === 'local';
    return {
      action, id, order: values.order, amount, reason: values.reason, reviewer: values.reviewer, stage: values.stage,
      client: local
        ? { endpoint: `http://127.0.0.1:${base + awsPort}`, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
        : {},
    };
  } catch (error) {
    return wrong((error as Error).message);
  }
}
