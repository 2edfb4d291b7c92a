import { InvokeCommand } from '@aws-sdk/client-lambda';
import { setTimeout as sleep } from 'node:timers/promises';
import { demoChannels, demoOf } from '../demo/channels.ts';
import { stageName, type Stage } from './stage.ts';

/** Accounts of the demo world whose vendors are polled. */
const polled = demoChannels().filter((channel) => demoOf(channel).polled).map(({ source, account }) => ({ source, account }));
const againMs = 250;

/** @returns how the poll ended, as `poll-source` says it; an error's word when it did not */
async function poll({ lambda }: Stage, input: object, abortSignal: AbortSignal): Promise<string> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: `orderflow-ingest-${stageName}-poll-source`, Payload: Buffer.from(JSON.stringify({ poll: input })) }), { abortSignal },
  );
  return FunctionError ?? (JSON.parse(Buffer.from(Payload ?? []).toString('utf8')) as string);
}

/**
 * Has every vendor that is polled read again from a moment on (milliseconds since 1970): whatever it holds that has
 * changed since then is on its stream afterwards. Asks again while the schedule's own poll is under way, or one fails.
 * @returns false when the signal came first
 */
export async function pollVendors(stage: Stage, since: number, signal: AbortSignal): Promise<boolean> {
  if (stage.vendors === undefined) return true;
  for (const account of polled) {
    let from: string | undefined = new Date(since).toISOString();
    for (;;) {
      if (signal.aborted) return false;
      const ended = await poll(stage, from === undefined ? account : { ...account, from }, signal).catch((error: unknown) => (error as Error).name);
      if (ended === 'polled') break;
      // the next one goes on where its time was over
      if (ended === 'continued') from = undefined;
      await sleep(againMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return true;
}

const hour = 3_600_000;

/**
 * Before a run: what an earlier one has left in the vendors' stores comes in now, and not while it is judged who sent
 * what. Reads from an hour before `since`, so that no later poll of the run finds anything older.
 */
export const pollLeftovers = (stage: Stage, since: number, signal: AbortSignal): Promise<boolean> => pollVendors(stage, since - hour, signal);
