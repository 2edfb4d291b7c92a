import type { Clock } from '../clock.ts';
import type { Definition } from './definition.ts';
import type { Gate } from './gate.ts';
import type { HistoryWriter } from './history.ts';
import type { StateMachine } from './machines.ts';
import type { Json } from './paths.ts';
import type { BranchRow, ExecutionRow, ExecutionStore } from './store.ts';
import type { TaskPorts } from './tasks.ts';
import type { Tokens } from './tokens.ts';
import { Ended, StateFailure } from './failure.ts';

/** What interpreting a definition needs of the store. */
export type BranchStore = Pick<ExecutionStore, 'newBranch' | 'saveBranch' | 'dropChildren' | 'appendHistory'>;

/** What every machine's runs share. */
export interface EngineParts {
  readonly store: BranchStore;
  readonly clock: Clock;
  readonly region: string;
  readonly ports: TaskPorts;
  /** One a resource: a function that hangs holds up its own callers only. */
  gateOf(resource: string): Gate;
  readonly tokens: Tokens;
}

/** An execution that runs in this process. */
export interface ExecutionRun {
  readonly row: ExecutionRow;
  readonly machine: StateMachine;
  readonly definition: Definition;
  readonly history: HistoryWriter;
  readonly parts: EngineParts;
  /** Loaded branches of an execution that is resumed or redriven, by parent. */
  readonly earlier: Map<number, BranchRow[]>;
  /** Where each line of control stands, by branch id. */
  readonly positions: Map<number, string>;
  /** As AWS bills them: states entered, and their retries. */
  readonly counts: { transitions: number };
  /** Its machine is being deleted: it ends at its next transition. */
  readonly doomed: () => boolean;
}

/** A part of an execution that can be ended as a whole: the execution, or the children of one Parallel or Map. */
export interface Scope { readonly signal: AbortSignal }

/** Waits for the promise unless the scope ends first. */
export function within<T>(scope: Scope, work: Promise<T>): Promise<T> {
  if (scope.signal.aborted) return Promise.reject(new Ended());
  return new Promise((resolve, reject) => {
    const end = (): void => reject(new Ended());
    scope.signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => scope.signal.removeEventListener('abort', end));
  });
}

export function sleepUntil(moment: number, clock: Clock, scope: Scope): Promise<void> {
  let cancel = (): void => undefined;
  const elapsed = new Promise<void>((done) => {
    cancel = clock.after(Math.max(0, moment - clock.now()), done);
  });
  return within(scope, elapsed).finally(() => cancel());
}

/** Fails with States.Timeout (or `failure`) at `moment`; `undefined` = no limit. */
export async function before<T>(moment: number | undefined, work: Promise<T>, clock: Clock, failure = new StateFailure('States.Timeout')): Promise<T> {
  if (moment === undefined) return work;
  let cancel = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(Math.max(0, moment - clock.now()), () => reject(failure));
  });
  return Promise.race([work, late]).finally(() => cancel());
}

/** The context object of a state. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
export function contextOf(run: ExecutionRun, branch: BranchRow, item?: Json): { [key: string]: Json } {
  const { row, machine } = run;
  const retries = branch.retries === '[]' ? 0 : (JSON.parse(branch.retries) as number[]).reduce((sum, count) => sum + count, 0);
  return {
    Execution: {
      Id: row.arn, Name: row.name, RoleArn: machine.roleArn, StartTime: new Date(row.started).toISOString(), RedriveCount: row.redrives,
      ...(row.redriven === null ? {} : { RedriveTime: new Date(row.redriven).toISOString() }),
      get Input(): Json {
        return JSON.parse(row.input) as Json;
      },
    },
    State: { EnteredTime: new Date(branch.entered).toISOString(), Name: branch.state, RetryCount: retries },
    StateMachine: { Id: machine.arn, Name: machine.name },
    ...(branch.token ? { Task: { Token: branch.token } } : {}),
    ...(item === undefined ? {} : { Map: { Item: item } }),
  };
}
