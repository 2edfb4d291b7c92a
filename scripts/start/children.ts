import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** Settles when it has ended, however it ended. */
  readonly ended: Promise<string>;
}

export interface ChildSpec {
  readonly name: string;
  /** TypeScript file and its arguments. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** File that stdout and stderr are appended to. */
  readonly log: string;
  readonly cwd: string;
}

/**
 * The processes of one run. Each leads a group of its own, so that Ctrl-C in a terminal reaches only the runner, which
 * then stops them in order; each holds an IPC channel, so that it notices when the runner is killed.
 */
export class Children {
  readonly #running: Child[] = [];
  #stopping = false;
  readonly #onLost: (child: Child, how: string) => void;

  /** @param onLost told when a child ends that was not asked to */
  constructor(onLost: (child: Child, how: string) => void) {
    this.#onLost = onLost;
    process.on('exit', this.#killAll);
  }

  readonly #killAll = (): void => {
    for (const child of this.#running) this.#signal(child, 'SIGKILL');
  };

  #signal(child: Child, signal: NodeJS.Signals): void {
    const { pid } = child.process;
    if (pid === undefined) return;
    try {
      // the whole group at the hard end: whatever the child itself has started goes with it
      process.kill(signal === 'SIGKILL' ? -pid : pid, signal);
    } catch {
      // already gone
    }
  }

  start(spec: ChildSpec): Child {
    const log = openSync(spec.log, 'a');
    // one collector thread: the many isolates of the local cloud would fight over few processors with four each
    const child = spawn(process.execPath, ['--single-threaded-gc', '--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', ...spec.args], {
      cwd: spec.cwd,
      // glibc keeps an arena a thread, and what ended threads (functions) had is not given back: 388 MB instead of 494 once idle
      env: { MALLOC_ARENA_MAX: '2', ...process.env, ...spec.environment },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    closeSync(log);
    const ended = new Promise<string>((done) => {
      child.once('error', (error) => done(error.message));
      child.once('exit', (code, signal) => done(signal ?? `exit status ${code}`));
    });
    const started: Child = { name: spec.name, process: child, ended };
    this.#running.push(started);
    void ended.then((how) => {
      this.#running.splice(this.#running.indexOf(started), 1);
      if (!this.#stopping) this.#onLost(started, how);
    });
    return started;
  }

  /** The first message of the child that says `ready` or `listening`. @throws Error when it ends before, or `ms` pass */
  async ready(child: Child, ms: number): Promise<Record<string, unknown>> {
    const quit = new AbortController();
    const hear = async (): Promise<Record<string, unknown>> => {
      for (;;) {
        const [message] = (await once(child.process, 'message', { signal: quit.signal })) as [unknown];
        if (typeof message === 'object' && message !== null && ('ready' in message || 'listening' in message)) return message;
      }
    };
    try {
      return await Promise.race([
        hear(),
        child.ended.then((how) => Promise.reject(new Error(`${child.name} ended at its start (${how})`))),
        sleep(ms, undefined, { signal: quit.signal }).then(() => Promise.reject(new Error(`${child.name} was not ready after ${ms / 1000} s`))),
      ]);
    } finally {
      quit.abort();
    }
  }

  /** Asks all to stop, the last started first; what is left after `graceMs` is killed with its whole group. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const all = [...this.#running].reverse();
    const deadline = Date.now() + graceMs;
    for (const child of all) {
      this.#signal(child, 'SIGTERM');
      // the intake first, while what it writes to still stands
      await Promise.race([child.ended, sleep(Math.max(0, Math.min(deadline - Date.now(), graceMs / 2)))]);
    }
    await Promise.race([Promise.all(all.map(({ ended }) => ended)), sleep(Math.max(0, deadline - Date.now()))]);
    for (const child of all) this.#signal(child, 'SIGKILL');
    await Promise.race([Promise.all(all.map(({ ended }) => ended)), sleep(500)]);
    process.off('exit', this.#killAll);
  }
}
