import type { State } from './definition.ts';
import { before, contextOf, within, type ExecutionRun, type Scope } from './execution-run.ts';
import { detailsOf, StateFailure } from './failure.ts';
import { read, type Json } from './paths.ts';
import { parseResource, type TaskTarget } from './resource.ts';
import type { BranchRow } from './store.ts';
import { runTask } from './tasks.ts';
import { effectiveInput } from './template.ts';
import { newToken } from './tokens.ts';

const DATA_LIMIT = 256 * 1024;

/** @throws StateFailure States.DataLimitExceeded */
export function checkSize(text: string, where: string): void {
  if (text.length * 3 > DATA_LIMIT && Buffer.byteLength(text) > DATA_LIMIT) {
    throw new StateFailure('States.DataLimitExceeded', `The state/task '${where}' returned a result with a size exceeding the maximum number of bytes service limit.`);
  }
}

/** Seconds of a time-out; one from a path must be a whole number above 0. */
function secondsOf(fixed: number | undefined, path: string | undefined, input: Json, context: Json): number | undefined {
  if (path === undefined) return fixed;
  const value = path.startsWith('$$') ? read(context, path.slice(1), 'States.Runtime') : read(input, path, 'States.Runtime');
  if (!Number.isInteger(value) || Number(value) <= 0) throw new StateFailure('States.Runtime', `Expected a positive integer for the path ${path}, but got ${JSON.stringify(value)}`);
  return Number(value);
}

/** `LambdaFunction…` for functions given by ARN, `Task…` for the integrations. */
const stemOf = (target: TaskTarget): string => (target.functionArn ? 'LambdaFunction' : 'Task');

interface Attempt { readonly target: TaskTarget; readonly input: string; readonly prepared: Json; readonly timeout: number | undefined; readonly heartbeat: number | undefined; readonly where: Record<string, unknown> }

/** One attempt of a Task. After a restart a token that was handed out already is waited for, everything else runs again. */
export async function attemptTask(run: ExecutionRun, branch: BranchRow, state: State, input: Json, item: Json | undefined, scope: Scope): Promise<Json> {
  const target = parseResource(state.Resource ?? '');
  if (target.waitsForToken && !branch.token) {
    branch.token = newToken();
    run.parts.store.saveBranch(branch);
  }
  const context = contextOf(run, branch, item);
  const prepared = effectiveInput(state, input, context);
  const text = JSON.stringify(prepared);
  checkSize(text, branch.state);
  const attempt: Attempt = {
    target, prepared, input: text, where: target.functionArn ? {} : { resourceType: target.resourceType, resource: target.resource },
    timeout: secondsOf(state.TimeoutSeconds, state.TimeoutSecondsPath, input, context), heartbeat: secondsOf(state.HeartbeatSeconds, state.HeartbeatSecondsPath, input, context),
  };
  const stem = stemOf(target);
  try {
    const result = target.waitsForToken ? await waitForToken(run, branch, attempt, scope) : await runNow(run, branch, state, attempt, scope);
    const output = JSON.stringify(result);
    checkSize(output, branch.state);
    run.history.add(branch, `${stem}Succeeded`, { ...attempt.where, output });
    return result;
  } catch (error) {
    if (error instanceof StateFailure) run.history.add(branch, error.error === 'States.Timeout' ? `${stem}TimedOut` : `${stem}Failed`, { ...attempt.where, ...detailsOf(error) });
    throw error;
  }
}

function scheduled(run: ExecutionRun, branch: BranchRow, { target, input, where, timeout, heartbeat }: Attempt): void {
  const limits = { ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }), ...(heartbeat === undefined ? {} : { heartbeatInSeconds: heartbeat }) };
  if (target.functionArn) run.history.add(branch, 'LambdaFunctionScheduled', { input, resource: target.functionArn, ...limits });
  else run.history.add(branch, 'TaskScheduled', { ...where, region: run.parts.region, parameters: input, ...limits });
}

const started = (run: ExecutionRun, branch: BranchRow, { target, where }: Attempt): void => void run.history.add(branch, `${stemOf(target)}Started`, target.functionArn ? undefined : where);

const originOf = (run: ExecutionRun): readonly string[] => [run.row.arn, run.machine.arn];

async function runNow(run: ExecutionRun, branch: BranchRow, state: State, attempt: Attempt, scope: Scope): Promise<Json> {
  const { target, prepared, timeout } = attempt;
  const { clock, ports } = run.parts;
  scheduled(run, branch, attempt);
  const gate = run.parts.gateOf(target.functionArn ?? (prepared as { FunctionName?: string } | null)?.FunctionName ?? state.Resource ?? '');
  await gate.enter(run.row.started);
  try {
    if (scope.signal.aborted) return await within(scope, Promise.resolve(null));
    started(run, branch, attempt);
    const work = runTask(target, prepared, ports, run.machine.accessKeyId, originOf(run));
    work.catch(() => undefined);
    return await within(scope, before(timeout === undefined ? undefined : clock.now() + timeout * 1000, work, clock));
  } finally {
    gate.leave();
  }
}

/** Hands the token out, unless that was done before, and waits: for an answer, the time-out or a missing heartbeat. */
async function waitForToken(run: ExecutionRun, branch: BranchRow, attempt: Attempt, scope: Scope): Promise<Json> {
  const { clock, tokens, store, ports } = run.parts;
  const { target, prepared, timeout, heartbeat } = attempt;
  const waiting = tokens.wait(branch, heartbeat === undefined ? undefined : heartbeat * 1000);
  try {
    if (branch.dispatched === null && branch.answer === null) {
      scheduled(run, branch, attempt);
      started(run, branch, attempt);
      const limit = timeout === undefined ? undefined : clock.now() + timeout * 1000;
      const output = await within(scope, before(limit, runTask(target, prepared, ports, run.machine.accessKeyId, originOf(run)), clock));
      run.history.add(branch, 'TaskSubmitted', { ...attempt.where, output: JSON.stringify(output) });
      branch.dispatched = clock.now();
      run.history.flush();
      store.saveBranch(branch);
      waiting.beat();
    }
    const answer = await within(scope, before(timeout === undefined ? undefined : (branch.dispatched ?? clock.now()) + timeout * 1000, waiting.answer, clock));
    if ('error' in answer) throw new StateFailure(answer.error, answer.cause);
    return JSON.parse(answer.output) as Json;
  } finally {
    waiting.cancel();
  }
}
