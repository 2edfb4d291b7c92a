import { randomBytes } from 'node:crypto';
import type { State } from './definition.ts';
import { before, contextOf, within, type ExecutionRun, type Scope, type TokenAnswer } from './execution-run.ts';
import { StateFailure } from './failure.ts';
import { read, type Json } from './paths.ts';
import type { BranchRow } from './store.ts';
import { parseResource, type TaskTarget } from './resource.ts';
import { runTask } from './tasks.ts';
import { effectiveInput } from './template.ts';
import { certain } from '../certain.ts';

const DATA_LIMIT = 256 * 1024;

export function checkSize(text: string, where: string): void {
  if (text.length * 3 > DATA_LIMIT && Buffer.byteLength(text) > DATA_LIMIT) {
    throw new StateFailure('States.DataLimitExceeded', `The state/task '${where}' returned a result with a size exceeding the maximum number of bytes service limit.`);
  }
}

const secondsOf = (fixed: number | undefined, path: string | undefined, input: Json): number | undefined =>
  path === undefined ? fixed : Number(read(input, path, 'States.Runtime'));

/** `LambdaFunctionScheduled` for functions given by ARN, `TaskScheduled` for the optimised integrations. */
function eventsOf(target: TaskTarget): { scheduled: string; started: string; succeeded: string; failed: string; timedOut: string } {
  const stem = target.functionArn ? 'LambdaFunction' : 'Task';
  return { scheduled: `${stem}Scheduled`, started: `${stem}Started`, succeeded: `${stem}Succeeded`, failed: `${stem}Failed`, timedOut: `${stem}TimedOut` };
}

/** One attempt of a Task. After a restart a token that was handed out already is waited for, everything else runs again. */
export async function attemptTask(run: ExecutionRun, branch: BranchRow, state: State, input: Json, item: Json | undefined, scope: Scope): Promise<Json> {
  const { clock, ports } = run.parts;
  const target = parseResource(state.Resource ?? '');
  const names = eventsOf(target);
  const where = target.functionArn ? { resource: target.functionArn } : { resourceType: target.resourceType, resource: target.action };
  const timeout = secondsOf(state.TimeoutSeconds, state.TimeoutSecondsPath, input);

  if (target.waitsForToken && !branch.token) {
    branch.token = randomBytes(48).toString('base64url');
    run.parts.store.saveBranch(branch);
  }
  const context = contextOf(run, branch, item);
  const prepared = effectiveInput(state, input, context);
  try {
    let result: Json;
    if (target.waitsForToken) {
      result = await waitForToken(run, branch, state, input, scope, async () => {
        run.history.add(names.scheduled, { ...where, parameters: JSON.stringify(prepared) });
        await within(scope, runTask(target, prepared, ports, run.accessKeyId));
        run.history.add('TaskSubmitted', where);
      });
    } else {
      run.history.add(names.scheduled, target.functionArn ? { ...where, input: JSON.stringify(prepared) } : { ...where, parameters: JSON.stringify(prepared) });
      const gate = run.parts.gateOf(target.functionArn ?? (prepared as { FunctionName?: string } | null)?.FunctionName ?? state.Resource ?? '');
      await gate.enter(run.row.started);
      try {
        const work = runTask(target, prepared, ports, run.accessKeyId);
        work.catch(() => undefined);
        result = await within(scope, before(timeout === undefined ? undefined : clock.now() + timeout * 1000, work, clock));
      } finally {
        gate.leave();
      }
    }
    const output = JSON.stringify(result);
    checkSize(output, branch.state);
    run.history.add(names.succeeded, target.functionArn ? { output } : { ...where, output });
    return result;
  } catch (error) {
    if (error instanceof StateFailure) {
      const details = { error: error.error, cause: error.cause.slice(0, 32_768) };
      run.history.add(error.error === 'States.Timeout' ? names.timedOut : names.failed, target.functionArn ? details : { ...where, ...details });
    }
    throw error;
  }
}

/** Hands the token out, unless that was done before, and waits: for an answer, the time-out or a missing heartbeat. */
async function waitForToken(run: ExecutionRun, branch: BranchRow, state: State, input: Json, scope: Scope, handOut: () => Promise<void>): Promise<Json> {
  const { clock, tokens, heartbeats, store } = run.parts;
  const token = certain(branch.token, 'task token');
  const timeout = secondsOf(state.TimeoutSeconds, state.TimeoutSecondsPath, input);
  const heartbeat = secondsOf(state.HeartbeatSeconds, state.HeartbeatSecondsPath, input);
  let cancelHeartbeat = (): void => undefined;
  try {
    const answered = new Promise<TokenAnswer>((resolve, reject) => {
      tokens.set(token, resolve);
      if (heartbeat === undefined) return;
      const arm = (): void => {
        cancelHeartbeat();
        cancelHeartbeat = clock.after((branch.heartbeat ?? branch.dispatched ?? clock.now()) + heartbeat * 1000 - clock.now(), () => reject(new StateFailure('States.HeartbeatTimeout')));
      };
      heartbeats.set(token, () => {
        branch.heartbeat = clock.now();
        store.saveBranch(branch);
        arm();
      });
      arm();
    });
    answered.catch(() => undefined);
    if (branch.answer) tokens.get(token)?.(JSON.parse(branch.answer) as TokenAnswer);
    else if (branch.dispatched === null) {
      await handOut();
      branch.dispatched = clock.now();
      run.history.flush();
      store.saveBranch(branch);
    }
    const answer = await within(scope, before(timeout === undefined ? undefined : (branch.dispatched ?? clock.now()) + timeout * 1000, answered, clock));
    if ('error' in answer) throw new StateFailure(answer.error, answer.cause);
    return JSON.parse(answer.output) as Json;
  } finally {
    cancelHeartbeat();
    tokens.delete(token);
    heartbeats.delete(token);
  }
}
