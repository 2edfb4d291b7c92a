import type { Flow, State } from './definition.ts';
import { contextOf, type ExecutionRun, type Scope } from './execution-run.ts';
import { Ended, StateFailure } from './failure.ts';
import { read, type Json } from './paths.ts';
import type { BranchRow } from './store.ts';
import { effectiveInput, fill, pathOrAll } from './template.ts';

interface Child { readonly flow: Flow; readonly input: string; readonly item?: Json }

/** Branches of a Parallel, or iterations of a Map, with the input of each. */
function childrenOf(run: ExecutionRun, branch: BranchRow, state: State, flow: Flow | undefined, input: Json, outer: Json | undefined): Child[] {
  const context = contextOf(run, branch, outer);
  if (state.Branches) {
    const prepared = JSON.stringify(effectiveInput(state, input, context));
    return state.Branches.map((each) => ({ flow: each, input: prepared }));
  }
  const chosen = pathOrAll(state.InputPath, input, context);
  const items = state.ItemsPath === undefined ? chosen : read(chosen, state.ItemsPath, 'States.Runtime');
  if (!Array.isArray(items) || !flow) throw new StateFailure('States.Runtime', `the Map state ${branch.state} has no list to go through`);
  const selector = state.ItemSelector ?? state.Parameters;
  return items.map((value, index) => {
    const item: Json = { Index: index, Value: value };
    const prepared = selector === undefined ? value : fill(selector, chosen, contextOf(run, branch, item));
    return { flow, input: JSON.stringify(prepared), item };
  });
}

/** How a line of control is run to its end; see `runBranch`. */
type RunBranch = (run: ExecutionRun, branch: BranchRow, flow: Flow, scope: Scope, item?: Json) => Promise<string>;

/** Runs all children; the first failure ends the others. Rows of an earlier process are taken up where they stood. */
export async function runChildren(runBranch: RunBranch, run: ExecutionRun, branch: BranchRow, state: State, flow: Flow | undefined, input: Json, scope: Scope, outer: Json | undefined): Promise<Json> {
  const { store, clock } = run.parts;
  const children = childrenOf(run, branch, state, flow, input, outer);
  const earlier = run.earlier.get(branch.id);
  run.earlier.delete(branch.id);
  const resumes = earlier?.length === children.length;
  if (!resumes) store.dropChildren(branch.id);
  const rows = resumes ? earlier : children.map((child, position) => store.newBranch(run.row.arn, branch.id, position, child.flow.StartAt, child.input, clock.now()));
  run.history.add(`${state.Type}StateStarted`, state.Type === 'Map' ? { length: children.length } : undefined);
  run.history.flush();

  const ending = new AbortController();
  const stop = (): void => ending.abort();
  scope.signal.addEventListener('abort', stop, { once: true });
  let turn = 0;
  const limit = state.MaxConcurrency ? Math.min(state.MaxConcurrency, children.length) : children.length;
  const work = async (): Promise<void> => {
    while (turn < children.length) {
      const at = turn;
      turn += 1;
      const row = rows[at];
      const child = children[at];
      if (!row || !child || row.status === 'DONE') continue;
      try {
        row.output = await runBranch(run, row, child.flow, ending, child.item);
        row.status = 'DONE';
      } catch (error) {
        if (error instanceof StateFailure) row.status = 'FAILED';
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
    const failed = lines.filter((line) => line.status === 'rejected').map((line) => line.reason as unknown);
    if (failed.length > 0) throw failed.find((each) => each instanceof StateFailure) ?? new Ended();
    run.history.add(`${state.Type}StateSucceeded`);
    store.dropChildren(branch.id);
    return rows.map((row) => JSON.parse(row.output ?? 'null') as Json);
  } catch (error) {
    // The rows stay: a redrive takes the finished ones as they are.
    if (error instanceof StateFailure) run.history.add(`${state.Type}StateFailed`);
    throw error;
  } finally {
    scope.signal.removeEventListener('abort', stop);
  }
}
