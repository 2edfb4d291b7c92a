import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { TokenAnswer } from './execution-run.ts';
import type { Collection } from '../documents.ts';
import type { MachineProperties, StateMachine } from './machines.ts';
import type { ExecutionRow, ExecutionStore } from './store.ts';
import type { TaskPorts } from './tasks.ts';

export interface EngineOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** Where machines are kept. */
  readonly machines: Collection<StateMachine>;
  /** A machine's key acts under its role. */
  actsAs(accessKeyId: string, roleArn: string): void;
  readonly ports: Omit<TaskPorts, 'startExecution'>;
  /** Every change of an execution's status, RUNNING included. */
  onStatus(row: ExecutionRow): void;
  /** Tasks of one resource that run at once, over all executions. Default 4. */
  readonly concurrentTasks?: number;
}

/** Standard workflows, journalled state by state: whatever ran when the process was killed goes on where it stood. */
export interface Engine {
  /** Makes the machine or replaces it; what runs goes on as it began. @throws InvalidDefinition */
  define(machine: MachineProperties): StateMachine;
  /** Gone once its running executions have ended, which they do at their next transition; no error if there is none. */
  remove(arn: string): void;
  /** @throws StateMachineDoesNotExist */
  machine(arn: string): StateMachine;
  machines(): StateMachine[];
  start(input: { stateMachineArn: string; name: string; input: string }): Promise<{ executionArn: string; startDate: number }>;
  stop(arn: string, error?: string, cause?: string): Promise<number>;
  redrive(arn: string): Promise<number>;
  answerToken(token: string, answer: TokenAnswer): Promise<void>;
  heartbeat(token: string): void;
  /** Goes on with all executions that an earlier process left running. Call once all machines and functions are there. */
  resume(): number;
  readonly store: ExecutionStore;
  /** Running executions by `<machine>.<state>`. */
  activity(): { running: number; byState: Record<string, number>; waitingTasks: number; waitingForToken: number };
  readonly transitions: () => number;
  close(): void;
}
