import { holds } from './choice.ts';
import { innerFlow, type Flow, type Retrier, type State } from './definition.ts';
import { contextOf, sleepUntil, type ExecutionRun, type Scope } from './execution-run.ts';
import { covers, StateFailure } from './failure.ts';
import { HISTORY_LIMIT } from './history.ts';
import { read, type Json } from './paths.ts';
import type { BranchRow } from './store.ts';
import { attemptTask, checkSize } from './task-state.ts';
import { runChildren } from './children.ts';
import { effectiveInput, effectiveOutput, pathOrAll, resolveExpression } from './template.ts';
import { plainText } from '../plain-text.ts';

interface Step { readonly next?: string; readonly output: Json }

/** Runs one line of control from the state where its row stands to its end; answers its output as JSON text. */
export async function runBranch(run: ExecutionRun, branch: BranchRow, flow: Flow, scope: Scope, item?: Json): Promise<string> {
  const { store, clock } = run.parts;
  for (let resumed = true; ; resumed = false) {
    const state = flow.States[branch.state];
    if (!state) throw new StateFailure('States.Runtime', `the definition has no state ${branch.state}`);
    if (run.row.events > HISTORY_LIMIT) throw new StateFailure('States.Runtime', 'The execution reached the maximum number of history events (25000).');
    run.positions.set(branch.id, branch.state);
    if (!resumed) run.earlier.delete(branch.id);
    run.history.add(`${state.Type}StateEntered`, { name: branch.state, input: branch.input });
    const step = await runState(run, branch, state, scope, item);
    const output = JSON.stringify(step.output);
    checkSize(output, branch.state);
    run.history.add(`${state.Type}StateExited`, { name: branch.state, output });
    if (step.next === undefined) return output;
    Object.assign(branch, { state: step.next, input: output, entered: clock.now(), retries: '[]', wake: null, token: null, dispatched: null, heartbeat: null, answer: null });
    store.saveBranch(branch);
    run.history.flush();
  }
}

async function runState(run: ExecutionRun, branch: BranchRow, state: State, scope: Scope, item: Json | undefined): Promise<Step> {
  const input = JSON.parse(branch.input) as Json;
  const next = state.Next === undefined ? {} : { next: state.Next };
  const context = (): Json => contextOf(run, branch, item);
  switch (state.Type) {
    case 'Pass': {
      const prepared = effectiveInput(state, input, context());
      return { ...next, output: effectiveOutput(state, input, state.Result === undefined ? prepared : state.Result, context()) };
    }
    case 'Choice': {
      const chosen = pathOrAll(state.InputPath, input, context());
      const target = state.Choices?.find((rule) => holds(rule, chosen, context()))?.Next ?? state.Default;
      if (target === undefined) throw new StateFailure('States.NoChoiceMatched', `Failed to transition out of the state '${branch.state}'. The state does not point to a next state.`);
      return { next: target, output: pathOrAll(state.OutputPath, chosen, context()) };
    }
    case 'Wait': {
      const prepared = pathOrAll(state.InputPath, input, context());
      branch.wake ??= wakeOf(run, branch, state, prepared);
      run.parts.store.saveBranch(branch);
      run.history.flush();
      await sleepUntil(branch.wake, run.parts.clock, scope);
      return { ...next, output: pathOrAll(state.OutputPath, prepared, context()) };
    }
    case 'Succeed':
      return { output: pathOrAll(state.OutputPath, pathOrAll(state.InputPath, input, context()), context()) };
    case 'Fail': {
      const text = (fixed: string | undefined, path: string | undefined): string => (path === undefined ? (fixed ?? '') : plainText(resolveExpression(path, input, context())));
      throw new StateFailure(text(state.Error, state.ErrorPath), text(state.Cause, state.CausePath));
    }
    case 'Task':
    case 'Parallel':
    case 'Map':
      return runGuarded(run, branch, state, input, scope, item);
    default:
      throw new StateFailure('States.Runtime', `the local cloud cannot run a state of type ${String(state.Type)}`);
  }
}

function wakeOf(run: ExecutionRun, branch: BranchRow, state: State, input: Json): number {
  if (state.Timestamp !== undefined) return Date.parse(state.Timestamp);
  if (state.TimestampPath !== undefined) return Date.parse(plainText(read(input, state.TimestampPath, 'States.Runtime')));
  const seconds = state.SecondsPath === undefined ? (state.Seconds ?? 0) : Number(read(input, state.SecondsPath, 'States.Runtime'));
  if (!Number.isFinite(seconds)) throw new StateFailure('States.Runtime', `the Wait state ${branch.state} has no number of seconds`);
  return run.parts.clock.now() + seconds * 1000;
}

/** Task, Parallel and Map with their Retry and Catch. */
async function runGuarded(run: ExecutionRun, branch: BranchRow, state: State, input: Json, scope: Scope, item: Json | undefined): Promise<Step> {
  const { clock, store } = run.parts;
  for (;;) {
    if (branch.wake !== null) {
      await sleepUntil(branch.wake, clock, scope);
      branch.wake = null;
      run.earlier.delete(branch.id);
    }
    try {
      const result = state.Type === 'Task'
        ? await attemptTask(run, branch, state, input, item, scope)
        : await runChildren(runBranch, run, branch, state, innerFlow(state), input, scope, item);
      return { ...(state.Next === undefined ? {} : { next: state.Next }), output: effectiveOutput(state, input, result, contextOf(run, branch, item)) };
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      const pause = nextAttempt(branch, state.Retry ?? [], error.error);
      if (pause !== undefined) {
        Object.assign(branch, { wake: clock.now() + pause, token: null, dispatched: null, heartbeat: null, answer: null });
        store.saveBranch(branch);
        run.history.flush();
        continue;
      }
      const catcher = state.Catch?.find((each) => covers(each.ErrorEquals, error.error));
      if (!catcher) throw error;
      const problem = { Error: error.error, Cause: error.cause };
      const rules = catcher.ResultPath === undefined ? {} : { ResultPath: catcher.ResultPath };
      return { next: catcher.Next, output: effectiveOutput(rules, input, problem, contextOf(run, branch, item)) };
    }
  }
}

/** Milliseconds to wait before the next attempt, `undefined` if none is left; counts the attempt in the row. */
function nextAttempt(branch: BranchRow, retriers: readonly Retrier[], error: string): number | undefined {
  const at = retriers.findIndex((retrier) => covers(retrier.ErrorEquals, error));
  const retrier = retriers[at];
  if (!retrier) return undefined;
  const counts = JSON.parse(branch.retries) as (number | undefined)[];
  const used = counts[at] ?? 0;
  if (used >= (retrier.MaxAttempts ?? 3)) return undefined;
  counts[at] = used + 1;
  branch.retries = JSON.stringify(Array.from(counts, (count) => count ?? 0));
  const grown = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** used;
  const seconds = Math.min(grown, retrier.MaxDelaySeconds ?? Infinity);
  return 1000 * (retrier.JitterStrategy === 'FULL' ? Math.random() * seconds : seconds);
}
