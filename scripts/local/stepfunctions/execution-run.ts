import type { Clock } from '../clock.ts';
import type { Definition } from './definition.ts';
import type { Gate } from './gate.ts';
import type { HistoryWriter } from './history.ts';
import type { Json } from './paths.ts';
import type { BranchRow, ExecutionRow, ExecutionStore } from './store.ts';
import type { TaskPorts } from './tasks.ts';
import { Ended, StateFailure } from './failure.ts';

/** What every machine's runs share. */
export interface EngineParts {
  readonly store: ExecutionStore;
  readonly clock: Clock;
  readonly ports: TaskPorts;
  /** One a resource: a function that hangs holds up its own callers only. */
  gateOf(resource: string): Gate;
  readonly tokens: Map<string, (answer: TokenAnswer) => void>;
  readonly heartbeats: Map<string, () => void>;
}

export type TokenAnswer = { readonly output: string } | { readonly error: string; readonly cause: string };

/** An execution that runs in this process. */
export interface ExecutionRun {
  readonly row: ExecutionRow;
  readonly machineArn: string;
  readonly machineName: string;
  readonly roleArn: string;
  readonly accessKeyId: string;
  readonly definition: Definition;
  readonly history: HistoryWriter;
  readonly parts: EngineParts;
  /** Loaded branches of an execution that is resumed or redriven, by parent. */
  readonly earlier: Map<number, BranchRow[]>;
  /** Where each line of control stands, by branch id. */
  readonly positions: Map<number, string>;
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

/** Fails with States.Timeout at `moment`; `undefined` = no limit. */
export async function before<T>(moment: number | undefined, work: Promise<T>, clock: Clock, error = 'States.Timeout'): Promise<T> {
  if (moment === undefined) return work;
  let cancel = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(Math.max(0, moment - clock.now()), () => reject(new StateFailure(error)));
  });
  return Promise.race([work, late]).finally(() => cancel());
}

/** The context object of a state. https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
export function contextOf(run: ExecutionRun, branch: BranchRow, item?: Json): { [key: string]: Json } {
  const retries = (JSON.parse(branch.retries) as number[]).reduce((sum, count) => sum + count, 0);
  return {
    Execution: {
      Id: run.row.arn, Name: run.row.name, RoleArn: run.roleArn, StartTime: new Date(run.row.started).toISOString(), RedriveCount: run.row.redrives,
      get Input(): Json {
        return JSON.parse(run.row.input) as Json;
      },
    },
    State: { EnteredTime: new Date(branch.entered).toISOString(), Name: branch.state, RetryCount: retries },
    StateMachine: { Id: run.machineArn, Name: run.machineName },
    ...(branch.token ? { Task: { Token: branch.token } } : {}),
    ...(item === undefined ? {} : { Map: { Item: item } }),
  };
}
