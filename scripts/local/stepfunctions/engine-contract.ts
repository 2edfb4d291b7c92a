import type { Clock } from '../clock.ts';
import type { Collection } from '../documents.ts';
import type { Journal } from '../journal.ts';
import type { HistoryEvent } from './history.ts';
import type { MachineProperties, StateMachine } from './machines.ts';
import type { ExecutionRow, ExecutionStore } from './store.ts';
import type { TaskPorts } from './tasks.ts';
import type { Tokens } from './tokens.ts';

export interface EngineOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** Where machines are kept. */
  readonly machines: Collection<StateMachine>;
  /** A machine's key acts under its role. */
  actsAs(accessKeyId: string, roleArn: string): void;
  /** Throws where Step Functions may not assume the role of a machine that is made or changed. */
  checkRole?(roleArn: string): void;
  readonly ports: TaskPorts;
  /** Every change of a Standard execution's status, RUNNING included, in the transaction that makes it. */
  onStatus(row: ExecutionRow): void;
  /** Into a log group. `at`: epoch ms. */
  log?(group: string, stream: string, message: string, at: number): void;
  /** One value of a metric in the namespace `AWS/States`. https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
  metric?(name: string, machineArn: string, value: number): void;
  /** Tasks of one resource that run at once, over all executions. Default 4. */
  readonly concurrentTasks?: number;
}

export interface StartInput { readonly stateMachineArn: string; readonly name: string; readonly input: string }

/** How an Express execution has ended. */
export interface SyncResult { readonly row: ExecutionRow; readonly billedMs: number }

/** Workflows. Standard ones are journalled state by state: whatever ran when the process was killed goes on where it stood; Express ones begin anew. */
export interface Engine {
  /** Makes the machine or replaces it; what runs goes on as it began. @throws InvalidDefinition, StateMachineDeleting */
  define(machine: MachineProperties): StateMachine;
  /** Its executions end at their next transition, then it is gone with them; no error if there is none. */
  remove(arn: string): void;
  /** @throws StateMachineDoesNotExist */
  machine(arn: string): StateMachine;
  machines(): StateMachine[];
  /** Machine of that name, `undefined` if there is none. */
  named(name: string): StateMachine | undefined;
  /** Standard: the same name and input while it runs is the same execution. @throws ExecutionAlreadyExists */
  start(input: StartInput): Promise<{ executionArn: string; startDate: number }>;
  /** Express only: resolves when it has ended. @throws StateMachineTypeNotSupported */
  startSync(input: StartInput): Promise<SyncResult>;
  /** The execution as it stands. @throws ExecutionDoesNotExist */
  execution(arn: string): ExecutionRow;
  history(arn: string): HistoryEvent[];
  /** The definition that the execution began with. */
  definitionOf(row: ExecutionRow): string;
  stop(arn: string, error?: string, cause?: string): Promise<number>;
  /** Why the execution cannot be redriven, `undefined` if it can. */
  notRedrivable(row: ExecutionRow): string | undefined;
  /** @throws ExecutionNotRedrivable */
  redrive(arn: string, clientToken?: string): Promise<number>;
  readonly tokens: Pick<Tokens, 'answer' | 'heartbeat'>;
  /** Goes on with all executions that an earlier process left running. Call once all machines and functions are there. */
  resume(): number;
  readonly store: Pick<ExecutionStore, 'list' | 'branchOfToken'>;
  /** Running executions by `<machine>.<state>`. */
  activity(): { running: number; byState: Record<string, number>; waitingTasks: number; waitingForToken: number };
  /** State transitions of Standard executions since the process began. */
  readonly transitions: () => number;
  close(): void;
}
