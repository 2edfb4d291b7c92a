import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { alive, descendants } from './process-tree.ts';
import { portsOf } from './options.ts';
import type { Report } from './report.ts';

/** `npm start` as a process of its own, for tests and benchmarks. */
export interface Spawned {
  readonly process: ChildProcess;
  readonly dataDir: string;
  readonly portBase: number;
  /** Everything it has said. */
  output(): string;
  /** Exit status. */
  readonly ended: Promise<number>;
  /** Resolves when the text is said; rejects when the process ends before. */
  said(text: string | RegExp, ms?: number): Promise<void>;
  /** What `--report` wrote. */
  report(): Report;
  /** SIGKILL to the process and everything below it, at once. */
  killAll(): void;
}

const free = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => done(true)));
  });

/** Linux gives outgoing connections and `listen(0)` a port from here on (`net.ipv4.ip_local_port_range`). */
const EPHEMERAL = 32_768;

/** A port base whose ports are free now, all of them where no passing connection can take one before they are listened on. */
export async function freeBase(): Promise<number> {
  const most = Math.max(...Object.values(portsOf(0)));
  for (;;) {
    const base = 10_000 + Math.floor(Math.random() * (EPHEMERAL - 10_000 - most));
    const all = await Promise.all(Object.values(portsOf(base)).map(free));
    if (all.every(Boolean)) return base;
  }
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'orderflow-'));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });

/** Starts `scripts/start.ts` of the repository at `root`. */
export function startRun(root: string, args: readonly string[], where: { readonly dataDir: string; readonly portBase: number }): Spawned {
  const { dataDir, portBase } = where;
  const reportFile = join(dataDir, 'report.json');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', join(root, 'scripts/start.ts'), '--data-dir', dataDir, '--port-base', String(portBase), ...args],
    { cwd: root, env: { ...process.env, npm_lifecycle_event: 'test' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const hear = (part: Buffer): void => void (output += part.toString());
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  let over = false;
  const ended = new Promise<number>((done) => child.once('close', (code, signal) => {
    over = true;
    done(code ?? (signal === 'SIGKILL' ? 137 : 1));
  }));
  return {
    process: child, dataDir, portBase, ended,
    output: () => output,
    async said(text, ms = 240_000) {
      const is = (): boolean => (typeof text === 'string' ? output.includes(text) : text.test(output));
      const deadline = Date.now() + ms;
      while (!is()) {
        if (over) throw new Error(`it ended without saying ${String(text)}:\n${output}`);
        if (Date.now() > deadline) throw new Error(`it did not say ${String(text)} within ${ms} ms:\n${output}`);
        await sleep(20);
      }
    },
    report: () => JSON.parse(readFileSync(reportFile, 'utf8')) as Report,
    killAll() {
      for (const pid of descendants(child.pid ?? 0)) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // already gone
        }
      }
    },
  };
}

/** Where `--report` is read from by {@link Spawned.report}. */
export const reportOption = (dataDir: string): string[] => ['--report', join(dataDir, 'report.json')];

/** Waits until none of the processes is left; answers those that are. */
export async function gone(pids: readonly number[], ms: number): Promise<number[]> {
  const deadline = Date.now() + ms;
  let left = pids.filter(alive);
  while (left.length > 0 && Date.now() < deadline) {
    await sleep(50);
    left = left.filter(alive);
  }
  return left;
}
