import { innerFlow, type Flow, type State } from './definition.ts';
import { contextOf, sleepUntil, type ExecutionRun, type Scope } from './execution-run.ts';
import { covers, Ended, Finished, StateFailure } from './failure.ts';
import type { Json } from './paths.ts';
import { nextAttempt } from './retry.ts';
import { runPlainState, type Step } from './plain-states.ts';
import type { BranchRow } from './store.ts';
import { attemptTask, checkSize } from './task-state.ts';
import { runChildren } from './children.ts';
import { effectiveOutput } from './template.ts';

const GUARDED = ['Task', 'Parallel', 'Map'];

const STATES_A_TURN = 50;

/** States whose abortion is an event of its own. */
const ABORTABLE = [...GUARDED, 'Wait'];

/** Runs one line of control from the state where its row stands to its end; answers its output as JSON text. */
export async function runBranch(run: ExecutionRun, branch: BranchRow, flow: Flow, scope: Scope, item?: Json): Promise<string> {
  const { store, clock } = run.parts;
  const enter = (state: State): void => {
    run.counts.transitions += 1;
    branch.entry = run.history.add(branch, `${state.Type}StateEntered`, { name: branch.state, input: branch.input });
  };
  for (let resumed = branch.entry > 0, states = 1; ; resumed = true, states += 1) {
    // states that wait for nothing leave the others a turn
    if (states % STATES_A_TURN === 0) await new Promise(setImmediate);
    const state = flow.States[branch.state];
    if (!state) throw new StateFailure('States.Runtime', `the definition has no state ${branch.state}`);
    run.positions.set(branch.id, branch.state);
    if (!resumed) {
      enter(state);
      // events of a sibling may write this one down: the row must know of it
      if (branch.parent > 0) store.saveBranch(branch);
    }
    const step = await runState(run, branch, state, scope, item);
    const output = JSON.stringify(step.output);
    checkSize(output, branch.state);
    run.history.add(branch, `${state.Type}StateExited`, { name: branch.state, output });
    if (step.next === undefined) return output;
    if (run.doomed()) throw new Finished('its state machine is deleted');
    const next = flow.States[step.next];
    Object.assign(branch, { state: step.next, input: output, entered: clock.now(), retries: '[]', wake: null, token: null, dispatched: null, heartbeat: null, answer: null });
    // A failed state before this one may have left children: they are not this state's.
    run.earlier.delete(branch.id);
    if (next) enter(next);
    store.saveBranch(branch);
    run.history.flush();
  }
}

async function runState(run: ExecutionRun, branch: BranchRow, state: State, scope: Scope, item: Json | undefined): Promise<Step> {
  const input = JSON.parse(branch.input) as Json;
  try {
    return GUARDED.includes(state.Type) ? await runGuarded(run, branch, state, input, scope, item) : await runPlainState(run, branch, state, input, scope, item);
  } catch (error) {
    if (error instanceof Ended && ABORTABLE.includes(state.Type)) run.history.add(branch, `${state.Type}StateAborted`);
    if (error instanceof StateFailure && error.error === 'States.Runtime' && !/^(An error occurred|The execution reached)/.test(error.cause)) {
      throw new StateFailure(error.error, `An error occurred while executing the state '${branch.state}' (entered at the event id #${branch.entry}). ${error.cause}`);
    }
    throw error;
  }
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
      const pause = nextAttempt(branch, state.Retry ?? [], error);
      if (pause !== undefined) {
        run.counts.transitions += 1;
        Object.assign(branch, { wake: clock.now() + pause, token: null, dispatched: null, heartbeat: null, answer: null });
        store.saveBranch(branch);
        run.history.flush();
        continue;
      }
      const catcher = state.Catch?.find((each) => covers(each.ErrorEquals, error));
      if (!catcher) throw error;
      const problem = { Error: error.error, ...(error.cause === '' ? {} : { Cause: error.cause }) };
      const rules = catcher.ResultPath === undefined ? {} : { ResultPath: catcher.ResultPath };
      return { next: catcher.Next, output: effectiveOutput(rules, input, problem, contextOf(run, branch, item)) };
    }
  }
}
