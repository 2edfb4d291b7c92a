import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { TokenAnswer } from './execution-run.ts';
import type { StateMachine } from './machines.ts';
import type { ExecutionRow, ExecutionStore } from './store.ts';
import type { TaskPorts } from './tasks.ts';

export interface EngineOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly ports: Omit<TaskPorts, 'startExecution'>;
  /** Every change of an execution's status, RUNNING included. */
  onStatus(row: ExecutionRow): void;
  /** Tasks of one resource that run at once, over all executions. Default 4. */
  readonly concurrentTasks?: number;
}

/** Standard workflows, journalled state by state: whatever ran when the process was killed goes on where it stood. */
export interface Engine {
  deploy(machine: StateMachine): void;
  remove(arn: string): void;
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
