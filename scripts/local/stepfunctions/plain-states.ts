import { holds } from './choice.ts';
import type { State } from './definition.ts';
import { contextOf, sleepUntil, type ExecutionRun, type Scope } from './execution-run.ts';
import { StateFailure } from './failure.ts';
import { isMoment } from './moment.ts';
import { read, type Json } from './paths.ts';
import type { BranchRow } from './store.ts';
import { effectiveInput, effectiveOutput, pathOrAll, resolveExpression } from './template.ts';
import { plainText } from '../plain-text.ts';

export interface Step { readonly next?: string; readonly output: Json }

/** Pass, Choice, Wait, Succeed and Fail: the states that do nothing outside. */
export async function runPlainState(run: ExecutionRun, branch: BranchRow, state: State, input: Json, scope: Scope, item: Json | undefined): Promise<Step> {
  const next = state.Next === undefined ? {} : { next: state.Next };
  const context = contextOf(run, branch, item);
  switch (state.Type) {
    case 'Pass': {
      const prepared = effectiveInput(state, input, context);
      return { ...next, output: effectiveOutput(state, input, state.Result === undefined ? prepared : state.Result, context) };
    }
    case 'Choice': {
      const chosen = pathOrAll(state.InputPath, input, context);
      const target = state.Choices?.find((rule) => holds(rule, chosen, context))?.Next ?? state.Default;
      if (target === undefined) throw new StateFailure('States.NoChoiceMatched', `Failed to transition out of the state '${branch.state}' (entered at the event id #${branch.entry}). The state does not point to a next state.`);
      return { next: target, output: pathOrAll(state.OutputPath, chosen, context) };
    }
    case 'Wait': {
      const prepared = pathOrAll(state.InputPath, input, context);
      branch.wake ??= wakeOf(run, state, prepared, context);
      run.parts.store.saveBranch(branch);
      run.history.flush();
      await sleepUntil(branch.wake, run.parts.clock, scope);
      return { ...next, output: pathOrAll(state.OutputPath, prepared, context) };
    }
    case 'Succeed':
      return { output: pathOrAll(state.OutputPath, pathOrAll(state.InputPath, input, context), context) };
    case 'Fail': {
      const text = (fixed: string | undefined, path: string | undefined): string => (path === undefined ? (fixed ?? '') : plainText(resolveExpression(path, input, context)));
      throw new StateFailure(text(state.Error, state.ErrorPath), text(state.Cause, state.CausePath));
    }
    default:
      throw new StateFailure('States.Runtime', `the local cloud cannot run a state of type ${state.Type}`);
  }
}

/** End of a Wait, ms. */
function wakeOf(run: ExecutionRun, state: State, input: Json, context: Json): number {
  const at = (field: string, path: string): Json => {
    try {
      return path.startsWith('$$') ? read(context, path.slice(1)) : read(input, path);
    } catch {
      throw new StateFailure('States.Runtime', `The ${field} parameter does not reference an input value: ${path}`);
    }
  };
  const moment = state.TimestampPath === undefined ? state.Timestamp : at('TimestampPath', state.TimestampPath);
  if (moment !== undefined) {
    if (!isMoment(moment)) throw new StateFailure('States.Runtime', `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${state.TimestampPath ?? ''} == ${JSON.stringify(moment)}`);
    return Date.parse(moment);
  }
  const seconds = state.SecondsPath === undefined ? (state.Seconds ?? 0) : at('SecondsPath', state.SecondsPath);
  if (!Number.isInteger(seconds) || Number(seconds) < 0) throw new StateFailure('States.Runtime', `The SecondsPath parameter references an invalid value: ${state.SecondsPath ?? ''} == ${JSON.stringify(seconds)}`);
  return run.parts.clock.now() + Number(seconds) * 1000;
}
