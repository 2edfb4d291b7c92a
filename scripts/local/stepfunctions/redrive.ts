import { HISTORY_LIMIT } from './history.ts';
import type { ExecutionRow } from './store.ts';

const REDRIVABLE_MS = 14 * 24 * 3600 * 1000;
/** A client token is known so long, and so many of them are. */
const CLIENT_TOKEN_MS = 15 * 60_000;
const CLIENT_TOKENS = 10;

type Known = readonly (readonly [token: string, at: number])[];
const knownTokens = ({ tokens }: ExecutionRow, now: number): Known => (JSON.parse(tokens ?? '[]') as Known).filter(([, at]) => now - at < CLIENT_TOKEN_MS);

/** Why the execution cannot be redriven, `undefined` if it can. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
export function notRedrivable({ status, stopped, events }: ExecutionRow, now: number): string | undefined {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  if (now - (stopped ?? 0) > REDRIVABLE_MS) return 'Execution redrivable period exceeded';
  return events >= HISTORY_LIMIT - 1 ? 'Execution history event limit exceeded' : undefined;
}

/** When a redrive with this client token was answered, if it was. */
export const redriveOf = (row: ExecutionRow, clientToken: string | undefined, now: number): number | undefined => knownTokens(row, now).find(([token]) => token === clientToken)?.[1];

/** What a redrive changes of the row. */
export function redriven(row: ExecutionRow, clientToken: string | undefined, at: number): Partial<ExecutionRow> {
  const tokens: Known = [...knownTokens(row, at), ...(clientToken === undefined ? [] : [[clientToken, at] as const])];
  return { status: 'RUNNING', stopped: null, error: null, cause: null, redrives: row.redrives + 1, redriven: at, tokens: JSON.stringify(tokens.slice(-CLIENT_TOKENS)) };
}
