import { randomUUID } from 'node:crypto';
import { runBranch } from './branch.ts';
import type { StartInput, SyncResult } from './engine-contract.ts';
import { before, type BranchStore, type EngineParts, type ExecutionRun } from './execution-run.ts';
import { StateFailure } from './failure.ts';
import { historyLog } from './history-log.ts';
import { createHistory } from './history.ts';
import type { Machines, StateMachine } from './machines.ts';
import type { BranchRow, ExecutionRow, ExecutionStore } from './store.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html */
const LONGEST_MS = 5 * 60_000;
const BILLED_STEP_MS = 100;

/** Express executions: in memory, their history in logs only; those that nobody waits for start again after a kill. */
export interface Express {
  start(machine: StateMachine, input: StartInput): Promise<{ executionArn: string; startDate: number }>;
  startSync(machine: StateMachine, input: StartInput): Promise<SyncResult>;
  resume(): void;
  runs(): ExecutionRun[];
}

export interface ExpressOptions {
  readonly parts: EngineParts;
  readonly store: ExecutionStore;
  readonly machines: Machines;
  measure(row: ExecutionRow): void;
  log?(group: string, stream: string, message: string, at: number): void;
}

/** Lines of control that nothing writes down. */
function memoryStore(): BranchStore {
  let id = 0;
  return {
    newBranch: (execution, parent, position, state, input, entered, event = 0): BranchRow =>
      ({ id: (id += 1), execution, parent, position, state, input, status: 'RUNNING', output: null, entered, event, entry: 0, retries: '[]', wake: null, token: null, dispatched: null, heartbeat: null, answer: null }),
    saveBranch: () => undefined,
    dropChildren: () => undefined,
    appendHistory: () => undefined,
  };
}

export function createExpress(options: ExpressOptions): Express {
  const { store, machines } = options;
  const { clock } = options.parts;
  const active = new Map<string, ExecutionRun>();

  const execute = async (machine: StateMachine, arn: string, input: StartInput): Promise<ExecutionRow> => {
    const definition = machines.definition(machines.keep(machine));
    const row: ExecutionRow = { arn, machine: machine.arn, name: input.name, definition: '', status: 'RUNNING', input: input.input, started: clock.now(), stopped: null, output: null, error: null, cause: null, redrives: 0, redriven: null, events: 0, tokens: null };
    const parts: EngineParts = { ...options.parts, store: memoryStore() };
    const log = options.log && historyLog(machine, row, (...line) => options.log?.(...line));
    const run: ExecutionRun = { row, machine, definition, history: createHistory(row, parts.store, () => clock.now(), log), parts, earlier: new Map(), positions: new Map(), counts: { transitions: 0 }, doomed: () => false };
    const controller = new AbortController();
    active.set(arn, run);
    options.measure(row);
    const root = parts.store.newBranch(arn, 0, 0, definition.StartAt, input.input, row.started);
    run.history.add({ event: 0 }, 'ExecutionStarted', { input: row.input, roleArn: machine.roleArn });
    const limit = row.started + Math.min((definition.TimeoutSeconds ?? Infinity) * 1000, LONGEST_MS);
    const late = new StateFailure('States.Timeout');
    try {
      const output = await before(limit, runBranch(run, root, definition, controller), clock, late);
      Object.assign(row, { status: 'SUCCEEDED', output });
      run.history.add(root, 'ExecutionSucceeded', { output });
    } catch (error) {
      const failure = error instanceof StateFailure ? error : new StateFailure('States.Runtime', String(error));
      const details = { error: failure.error, ...(failure.cause === '' ? {} : { cause: failure.cause }) };
      Object.assign(row, { status: failure === late ? 'TIMED_OUT' : 'FAILED', ...details });
      run.history.add(root, failure === late ? 'ExecutionTimedOut' : 'ExecutionFailed', details);
    } finally {
      active.delete(arn);
      run.history.close();
      controller.abort();
    }
    row.stopped = clock.now();
    options.measure(row);
    return row;
  };
  const inBackground = async (machine: StateMachine, arn: string, input: StartInput): Promise<void> => {
    await execute(machine, arn, input);
    store.dropExpress(arn);
  };
  const arnOf = (machine: StateMachine, name: string): string => `${machine.arn.replace(':stateMachine:', ':express:')}:${name}:${randomUUID()}`;
  return {
    async start(machine, input) {
      const arn = arnOf(machine, input.name);
      const startDate = clock.now();
      store.keepExpress(arn, machine.arn, JSON.stringify(input));
      void inBackground(machine, arn, input);
      await store.committed();
      return { executionArn: arn, startDate };
    },
    async startSync(machine, input) {
      const row = await execute(machine, arnOf(machine, input.name), input);
      return { row, billedMs: Math.ceil(((row.stopped ?? row.started) - row.started) / BILLED_STEP_MS) * BILLED_STEP_MS };
    },
    resume() {
      for (const { arn, machine: machineArn, document } of store.express()) {
        const machine = machines.get(machineArn);
        if (active.has(arn)) continue;
        if (machine) void inBackground(machine, arn, JSON.parse(document) as StartInput);
        else store.dropExpress(arn);
      }
    },
    runs: () => [...active.values()],
  };
}
