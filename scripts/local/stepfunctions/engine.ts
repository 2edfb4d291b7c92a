import { AwsError } from '../service.ts';
import { runBranch } from './branch.ts';
import type { Engine, EngineOptions } from './engine-contract.ts';
import type { EngineParts, ExecutionRun } from './execution-run.ts';
import { executionMetrics } from './execution-metrics.ts';
import { createExpress } from './express.ts';
import { detailsOf, Finished, StateFailure } from './failure.ts';
import { createGates } from './gate.ts';
import { historyLog } from './history-log.ts';
import { createHistory, lastEventId, readHistory } from './history.ts';
import { createMachines, type StateMachine } from './machines.ts';
import { notRedrivable, redriven, redriveOf } from './redrive.ts';
import { openExecutionStore, type BranchRow, type ExecutionRow, type ExecutionStatus } from './store.ts';
import { createTokens } from './tokens.ts';

interface Running { readonly run: ExecutionRun; readonly root: BranchRow; readonly controller: AbortController; readonly cancelLimit: () => void }

export function createEngine(options: EngineOptions): Engine {
  const { journal, clock } = options;
  const store = openExecutionStore(journal);
  const machines = createMachines({ documents: options.machines, store, region: options.region, accountId: options.accountId, now: () => clock.now(), actsAs: (key, role) => options.actsAs(key, role), checkRole: (role) => options.checkRole?.(role) });
  const running = new Map<string, Running>();
  let closed = false;
  let finishedTransitions = 0;
  const gates = createGates(options.concurrentTasks ?? 4);
  const tokens = createTokens(store, clock, (arn) => running.has(arn));
  const parts: EngineParts = { store, clock, region: options.region, gateOf: (resource) => gates.of(resource), tokens, ports: options.ports };
  const measure = executionMetrics((name, machine, value) => options.metric?.(name, machine, value));
  const express = createExpress({ parts, store, machines, measure, ...(options.log ? { log: (...line) => options.log?.(...line) } : {}) });

  /** A machine that is being deleted goes with its last execution. */
  const forgetIfLast = (arn: string): void => {
    if (machines.get(arn)?.deleting && ![...running.values()].some(({ run }) => run.machine.arn === arn)) {
      machines.forget(arn);
      store.forget(arn);
    }
  };
  const end = (arn: string, status: ExecutionStatus, event: string, details: Record<string, unknown>, change: Partial<ExecutionRow>): void => {
    const entry = running.get(arn);
    if (closed || !entry) return;
    const { run, root } = entry;
    running.delete(arn);
    entry.cancelLimit();
    run.history.add(root, event, details);
    run.history.close();
    run.history.flush();
    Object.assign(run.row, { status, stopped: clock.now(), ...change });
    store.save(run.row);
    if (status === 'SUCCEEDED') store.dropBranches(arn);
    else store.saveBranch(root);
    finishedTransitions += run.counts.transitions;
    entry.controller.abort();
    measure(run.row);
    options.onStatus(run.row);
    forgetIfLast(run.machine.arn);
  };
  const abort = (arn: string, error?: string, cause?: string): void =>
    end(arn, 'ABORTED', 'ExecutionAborted', { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) }, { error: error ?? null, cause: cause ?? null });
  const fail = ({ run, root }: Running, error: unknown): void => {
    if (error instanceof Finished) return abort(run.row.arn);
    if (!(error instanceof StateFailure)) {
      if (closed || !running.has(run.row.arn)) return;
      process.stderr.write(`local cloud: execution ${run.row.name} in ${root.state}: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
    }
    const failure = error instanceof StateFailure ? error : new StateFailure('States.Runtime', String(error));
    end(run.row.arn, 'FAILED', 'ExecutionFailed', detailsOf(failure), { error: failure.error, cause: failure.cause === '' ? null : failure.cause });
  };
  const launch = (row: ExecutionRow, machine: StateMachine, root: BranchRow, earlier: Map<number, BranchRow[]>): Running => {
    const definition = machines.definition(row.definition);
    const log = options.log && historyLog(machine, row, (...line) => options.log?.(...line));
    const run: ExecutionRun = {
      row, machine, definition, history: createHistory(row, store, () => clock.now(), log), parts, earlier, positions: new Map([[root.id, root.state]]),
      counts: { transitions: 0 }, doomed: () => machines.get(machine.arn)?.deleting === true,
    };
    const controller = new AbortController();
    const limit = definition.TimeoutSeconds;
    const from = row.redriven ?? row.started;
    const cancelLimit = limit === undefined ? () => undefined : clock.after(from + limit * 1000 - clock.now(), () => end(row.arn, 'TIMED_OUT', 'ExecutionTimedOut', {}, {}));
    const entry: Running = { run, root, controller, cancelLimit };
    running.set(row.arn, entry);
    setImmediate(() => {
      if (closed) return;
      runBranch(run, root, definition, controller).then(
        (output) => end(row.arn, 'SUCCEEDED', 'ExecutionSucceeded', { output }, { output }),
        (error: unknown) => fail(entry, error),
      );
    });
    return entry;
  };
  const begin = ({ run }: Running): void => void run.history.add({ event: 0 }, 'ExecutionStarted', { input: run.row.input, roleArn: run.machine.roleArn });
  const start: Engine['start'] = async (input) => {
    const machine = machines.find(input.stateMachineArn);
    if (machine.deleting) throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${machine.arn}'`);
    if (machine.type === 'EXPRESS') return express.start(machine, input);
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${input.name}`;
    const existing = running.get(arn)?.run.row ?? store.find(arn);
    if (existing) {
      if (existing.status === 'RUNNING' && existing.input === input.input) return { executionArn: arn, startDate: existing.started };
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const hash = machines.keep(machine);
    const row: ExecutionRow = { arn, machine: machine.arn, name: input.name, definition: hash, status: 'RUNNING', input: input.input, started: clock.now(), stopped: null, output: null, error: null, cause: null, redrives: 0, redriven: null, events: 0, tokens: null };
    store.insert(row);
    const root = store.newBranch(arn, 0, 0, machines.definition(hash).StartAt, input.input, row.started);
    begin(launch(row, machine, root, new Map()));
    measure(row);
    options.onStatus(row);
    await store.committed();
    return { executionArn: arn, startDate: row.started };
  };
  const reload = (row: ExecutionRow, machine: StateMachine): Running => {
    row.events = lastEventId(store, row.arn);
    const byParent = new Map<number, BranchRow[]>();
    for (const branch of store.branches(row.arn)) byParent.set(branch.parent, [...(byParent.get(branch.parent) ?? []), branch]);
    const root = byParent.get(0)?.[0] ?? store.newBranch(row.arn, 0, 0, machines.definition(row.definition).StartAt, row.input, clock.now());
    const entry = launch(row, machine, root, byParent);
    // killed before anything of its history was written
    if (row.events === 0) begin(entry);
    return entry;
  };
  const execution: Engine['execution'] = (arn) => {
    const row = running.get(arn)?.run.row ?? store.find(arn);
    if (!row) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return row;
  };
  return {
    store,
    tokens,
    define(properties) {
      if (machines.get(machines.arnOf(properties.name))?.deleting) throw new AwsError('StateMachineDeleting', `State Machine is being deleted: '${machines.arnOf(properties.name)}'`);
      return machines.define(properties);
    },
    remove(arn) {
      const machine = machines.get(arn);
      if (!machine) return;
      machines.save({ ...machine, deleting: true });
      forgetIfLast(arn);
    },
    machine: (arn) => machines.find(arn),
    machines: () => machines.list(),
    named: (name) => machines.get(machines.arnOf(name)),
    start,
    async startSync(input) {
      const machine = machines.find(input.stateMachineArn);
      if (machine.type !== 'EXPRESS') throw new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
      return express.startSync(machine, input);
    },
    execution,
    history(arn) {
      const { arn: found } = execution(arn);
      return [...readHistory(store, found), ...(running.get(found)?.run.history.pending ?? [])];
    },
    definitionOf: (row) => store.definition(row.definition),
    async stop(arn, error, cause) {
      const row = execution(arn);
      abort(arn, error, cause);
      await store.committed();
      return row.stopped ?? clock.now();
    },
    notRedrivable: (row) => notRedrivable(row, clock.now()),
    async redrive(arn, clientToken) {
      const row = execution(arn);
      const at = clock.now();
      const repeated = redriveOf(row, clientToken, at);
      if (repeated !== undefined) return repeated;
      const problem = notRedrivable(row, at);
      if (problem !== undefined) throw new AwsError('ExecutionNotRedrivable', `${problem}: '${arn}'`);
      Object.assign(row, redriven(row, clientToken, at));
      for (const branch of store.branches(arn)) {
        if (branch.status === 'DONE') continue;
        store.saveBranch({ ...branch, status: 'RUNNING', retries: '[]', wake: null, token: null, dispatched: null, heartbeat: null, answer: null });
      }
      const { run, root } = reload(row, machines.find(row.machine));
      root.event = row.events;
      run.history.add(root, 'ExecutionRedriven', { redriveCount: row.redrives });
      run.history.flush();
      store.save(row);
      measure(row);
      options.onStatus(row);
      await store.committed();
      return at;
    },
    resume() {
      const rows = store.running().filter((row) => !running.has(row.arn) && machines.get(row.machine) !== undefined);
      for (const row of rows) reload(row, machines.find(row.machine));
      express.resume();
      for (const machine of machines.list()) forgetIfLast(machine.arn);
      return rows.length;
    },
    activity() {
      const byState: Record<string, number> = {};
      for (const run of [...[...running.values()].map((each) => each.run), ...express.runs()]) {
        for (const state of run.positions.values()) byState[`${run.machine.name}.${state}`] = (byState[`${run.machine.name}.${state}`] ?? 0) + 1;
      }
      return { running: running.size + express.runs().length, byState, waitingTasks: gates.waiting, waitingForToken: tokens.waiting };
    },
    transitions: () => [...running.values()].reduce((sum, { run }) => sum + run.counts.transitions, finishedTransitions),
    close() {
      closed = true;
      for (const { controller, cancelLimit } of running.values()) {
        cancelLimit();
        controller.abort();
      }
    },
  };
}
