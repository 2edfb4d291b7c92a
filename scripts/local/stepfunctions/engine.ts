import { randomUUID } from 'node:crypto';
import { AwsError } from '../service.ts';
import { runBranch } from './branch.ts';
import type { Engine, EngineOptions } from './engine-contract.ts';
import type { EngineParts, ExecutionRun } from './execution-run.ts';
import { StateFailure } from './failure.ts';
import { createGate, type Gate } from './gate.ts';
import { createHistory, lastEventId } from './history.ts';
import { createMachines, type StateMachine } from './machines.ts';
import { openExecutionStore, type BranchRow, type ExecutionRow, type ExecutionStatus } from './store.ts';

const REDRIVABLE_MS = 14 * 24 * 3600 * 1000;

export function createEngine(options: EngineOptions): Engine {
  const { journal, clock } = options;
  const store = openExecutionStore(journal);
  const machines = createMachines({ documents: options.machines, store, region: options.region, accountId: options.accountId, now: () => clock.now(), actsAs: (key, role) => options.actsAs(key, role) });
  const running = new Map<string, { run: ExecutionRun; controller: AbortController; cancelLimit: () => void }>();
  let closed = false;
  let finishedTransitions = 0;
  const gates = new Map<string, Gate>();
  const gateOf = (resource: string): Gate => {
    let gate = gates.get(resource);
    if (!gate) gates.set(resource, (gate = createGate(options.concurrentTasks ?? 4)));
    return gate;
  };
  const parts: EngineParts = { store, clock, gateOf, tokens: new Map(), heartbeats: new Map(), ports: { ...options.ports, startExecution: (input) => start({ name: randomUUID(), input: '{}', ...input }) } };

  const end = (run: ExecutionRun, status: ExecutionStatus, event: string, details: Record<string, unknown>, change: Partial<ExecutionRow>): void => {
    const entry = running.get(run.row.arn);
    if (closed || !entry) return;
    running.delete(run.row.arn);
    entry.cancelLimit();
    run.history.add(event, details);
    run.history.flush();
    Object.assign(run.row, { status, stopped: clock.now(), ...change });
    store.save(run.row);
    if (status === 'SUCCEEDED') store.dropBranches(run.row.arn);
    finishedTransitions += run.row.events;
    entry.controller.abort();
    options.onStatus(run.row);
  };
  const fail = (run: ExecutionRun, root: BranchRow, error: unknown): void => {
    if (!(error instanceof StateFailure)) {
      if (closed || !running.has(run.row.arn)) return;
      process.stderr.write(`local cloud: execution ${run.row.name} in ${root.state}: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
    }
    const failure = error instanceof StateFailure ? error : new StateFailure('States.Runtime', String(error));
    end(run, 'FAILED', 'ExecutionFailed', { error: failure.error, cause: failure.cause }, { error: failure.error, cause: failure.cause });
  };
  const launch = (row: ExecutionRow, machine: StateMachine, root: BranchRow, earlier: Map<number, BranchRow[]>): ExecutionRun => {
    const definition = machines.definition(row.definition);
    const run: ExecutionRun = {
      row, machineArn: machine.arn, machineName: machine.name, roleArn: machine.roleArn, accessKeyId: machine.accessKeyId,
      definition, history: createHistory(row, store, () => clock.now()), parts, earlier, positions: new Map([[root.id, root.state]]),
    };
    const controller = new AbortController();
    const limit = definition.TimeoutSeconds;
    const from = row.redriven ?? row.started;
    const cancelLimit = limit === undefined ? () => undefined : clock.after(from + limit * 1000 - clock.now(), () => end(run, 'TIMED_OUT', 'ExecutionTimedOut', { error: 'States.Timeout' }, { error: 'States.Timeout' }));
    running.set(row.arn, { run, controller, cancelLimit });
    setImmediate(() => {
      if (closed) return;
      runBranch(run, root, definition, controller).then(
        (output) => end(run, 'SUCCEEDED', 'ExecutionSucceeded', { output }, { output }),
        (error: unknown) => fail(run, root, error),
      );
    });
    return run;
  };
  const start: Engine['start'] = async (input) => {
    const machine = machines.find(input.stateMachineArn);
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${input.name}`;
    const existing = running.get(arn)?.run.row ?? store.find(arn);
    if (existing) {
      if (existing.status === 'RUNNING' && existing.input === input.input) return { executionArn: arn, startDate: existing.started };
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const hash = machines.keep(machine);
    const row: ExecutionRow = { arn, machine: machine.arn, name: input.name, definition: hash, status: 'RUNNING', input: input.input, started: clock.now(), stopped: null, output: null, error: null, cause: null, redrives: 0, redriven: null, events: 0 };
    store.insert(row);
    const root = store.newBranch(arn, 0, 0, machines.definition(hash).StartAt, input.input, row.started);
    launch(row, machine, root, new Map()).history.add('ExecutionStarted', { input: input.input, roleArn: machine.roleArn });
    await store.committed();
    options.onStatus(row);
    return { executionArn: arn, startDate: row.started };
  };
  const reload = (row: ExecutionRow, machine: StateMachine): ExecutionRun => {
    row.events = lastEventId(store, row.arn);
    const byParent = new Map<number, BranchRow[]>();
    for (const branch of store.branches(row.arn)) byParent.set(branch.parent, [...(byParent.get(branch.parent) ?? []), branch]);
    const root = byParent.get(0)?.[0] ?? store.newBranch(row.arn, 0, 0, machines.definition(row.definition).StartAt, row.input, clock.now());
    return launch(row, machine, root, byParent);
  };
  return {
    store,
    define: (properties) => machines.define(properties),
    remove: (arn) => machines.forget(arn),
    machine: (arn) => machines.find(arn),
    machines: () => machines.list(),
    start,
    async stop(arn, error, cause) {
      const entry = running.get(arn);
      const row = entry?.run.row ?? store.find(arn);
      if (!row) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
      if (entry) end(entry.run, 'ABORTED', 'ExecutionAborted', { error, cause }, { error: error ?? null, cause: cause ?? null });
      await store.committed();
      return row.stopped ?? clock.now();
    },
    async redrive(arn) {
      const row = running.get(arn)?.run.row ?? store.find(arn);
      if (!row) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
      if (row.status === 'RUNNING' || row.status === 'SUCCEEDED') throw new AwsError('ExecutionNotRedrivable', `Execution is ${row.status} and can't be redriven`);
      if (clock.now() - row.started > REDRIVABLE_MS) throw new AwsError('ExecutionNotRedrivable', 'Execution was started more than 14 days ago');
      Object.assign(row, { status: 'RUNNING', stopped: null, error: null, cause: null, redrives: row.redrives + 1, redriven: clock.now() });
      for (const branch of store.branches(arn)) {
        if (branch.status === 'DONE') continue;
        store.saveBranch({ ...branch, status: 'RUNNING', retries: '[]', wake: null, token: null, dispatched: null, heartbeat: null, answer: null });
      }
      const run = reload(row, machines.find(row.machine));
      run.history.add('ExecutionRedriven', { redriveCount: row.redrives });
      store.save(row);
      await store.committed();
      options.onStatus(row);
      return row.redriven ?? clock.now();
    },
    async answerToken(token, answer) {
      const branch = store.branchOfToken(token);
      if (!branch || branch.answer !== null) throw new AwsError('TaskDoesNotExist', 'Task does not exist');
      if (!running.has(branch.execution)) throw new AwsError('TaskTimedOut', 'Task Timed Out: the execution is no longer running');
      store.saveBranch({ ...branch, answer: JSON.stringify(answer) });
      await store.committed();
      parts.tokens.get(token)?.(answer);
    },
    heartbeat(token) {
      if (!parts.tokens.has(token)) throw new AwsError('TaskDoesNotExist', 'Task does not exist');
      parts.heartbeats.get(token)?.();
    },
    resume() {
      const rows = store.running().filter((row) => !running.has(row.arn) && machines.get(row.machine) !== undefined);
      for (const row of rows) reload(row, machines.find(row.machine));
      return rows.length;
    },
    activity() {
      const byState: Record<string, number> = {};
      for (const { run } of running.values()) {
        for (const state of run.positions.values()) byState[`${run.machineName}.${state}`] = (byState[`${run.machineName}.${state}`] ?? 0) + 1;
      }
      return { running: running.size, byState, waitingTasks: [...gates.values()].reduce((sum, gate) => sum + gate.waiting, 0), waitingForToken: parts.tokens.size };
    },
    transitions: () => finishedTransitions,
    close() {
      closed = true;
      for (const { controller, cancelLimit } of running.values()) {
        cancelLimit();
        controller.abort();
      }
    },
  };
}
