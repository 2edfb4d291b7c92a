import type { Flow, State } from './definition.ts';
import { contextOf, type ExecutionRun, type Scope } from './execution-run.ts';
import { Ended, StateFailure } from './failure.ts';
import { read, type Json } from './paths.ts';
import type { BranchRow } from './store.ts';
import { checkSize } from './task-state.ts';
import { effectiveInput, fill, pathOrAll } from './template.ts';

interface Child { readonly flow: Flow; readonly input: string; readonly item?: Json }

/** Branches of a Parallel, or iterations of a Map, with the input of each. */
function childrenOf(run: ExecutionRun, branch: BranchRow, state: State, flow: Flow | undefined, input: Json, outer: Json | undefined): Child[] {
  const context = contextOf(run, branch, outer);
  if (state.Branches) {
    const prepared = JSON.stringify(effectiveInput(state, input, context));
    checkSize(prepared, branch.state);
    return state.Branches.map((each) => ({ flow: each, input: prepared }));
  }
  const chosen = pathOrAll(state.InputPath, input, context);
  const items = state.ItemsPath === undefined ? chosen : pathOrAll(state.ItemsPath, chosen, context);
  if (!Array.isArray(items) || !flow) throw new StateFailure('States.Runtime', `Reference path "${state.ItemsPath ?? '$'}" must point to array.`);
  const selector = state.ItemSelector ?? state.Parameters;
  return items.map((value, index) => {
    const item: Json = { Index: index, Value: value };
    const prepared = JSON.stringify(selector === undefined ? value : fill(selector, chosen, contextOf(run, branch, item)));
    checkSize(prepared, branch.state);
    return { flow, input: prepared, item };
  });
}

function concurrencyOf(state: State, input: Json, children: number): number {
  const given = state.MaxConcurrencyPath === undefined ? state.MaxConcurrency : read(input, state.MaxConcurrencyPath, 'States.Runtime');
  if (given !== undefined && !(Number.isInteger(given) && Number(given) >= 0)) throw new StateFailure('States.Runtime', `MaxConcurrencyPath must point to a whole number from 0 on, not ${JSON.stringify(given)}`);
  return given === undefined || given === 0 ? children : Math.min(Number(given), children);
}

/** How a line of control is run to its end; see `runBranch`. */
type RunBranch = (run: ExecutionRun, branch: BranchRow, flow: Flow, scope: Scope, item?: Json) => Promise<string>;

/** Runs all children; the first failure ends the others. Rows of an earlier process are taken up where they stood. */
export async function runChildren(runBranch: RunBranch, run: ExecutionRun, branch: BranchRow, state: State, flow: Flow | undefined, input: Json, scope: Scope, outer: Json | undefined): Promise<Json> {
  const { store, clock } = run.parts;
  const children = childrenOf(run, branch, state, flow, input, outer);
  const limit = concurrencyOf(state, input, children.length);
  const earlier = run.earlier.get(branch.id);
  run.earlier.delete(branch.id);
  const resumes = earlier?.length === children.length && children.length > 0;
  if (!resumes) {
    store.dropChildren(branch.id);
    run.history.add(branch, `${state.Type}StateStarted`, state.Type === 'Map' ? { length: children.length } : undefined);
  }
  const begun = branch.event;
  const rows = resumes ? earlier : children.map((child, position) => store.newBranch(run.row.arn, branch.id, position, child.flow.StartAt, child.input, clock.now(), begun));
  store.saveBranch(branch);
  run.history.flush();

  const iteration = (row: BranchRow, what: string): void => {
    if (state.Type === 'Map') run.history.add(row, `MapIteration${what}`, { name: branch.state, index: row.position });
  };
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  scope.signal.addEventListener('abort', stop, { once: true });
  if (scope.signal.aborted) stop();
  let turn = 0;
  let last = begun;
  const work = async (): Promise<void> => {
    while (turn < children.length) {
      const at = turn;
      turn += 1;
      const row = rows[at];
      const child = children[at];
      if (!row || !child || row.status === 'DONE') continue;
      if (row.entry === 0) iteration(row, 'Started');
      try {
        row.output = await runBranch(run, row, child.flow, ending, child.item);
        row.status = 'DONE';
        iteration(row, 'Succeeded');
        last = row.event;
      } catch (error) {
        if (error instanceof StateFailure) {
          row.status = 'FAILED';
          iteration(row, 'Failed');
          last = row.event;
        } else if (error instanceof Ended && !scope.signal.aborted) iteration(row, 'Aborted');
        ending.abort();
        throw error;
      } finally {
        store.saveBranch(row);
        run.positions.delete(row.id);
      }
    }
  };
  try {
    const lines = await Promise.allSettled(Array.from({ length: limit }, work));
    const failed = lines.filter((line) => line.status === 'rejected').map((line) => line.reason as Error);
    if (failed.length > 0) throw failed.find((each) => each instanceof StateFailure) ?? failed.find((each) => !(each instanceof Ended)) ?? new Ended();
    branch.event = last;
    run.history.add(branch, `${state.Type}StateSucceeded`);
    store.dropChildren(branch.id);
    return rows.map((row) => JSON.parse(row.output ?? 'null') as Json);
  } catch (error) {
    // The rows stay: a redrive takes the finished ones as they are.
    if (error instanceof StateFailure) {
      branch.event = last;
      run.history.add(branch, `${state.Type}StateFailed`);
    }
    throw error;
  } finally {
    scope.signal.removeEventListener('abort', stop);
  }
}
