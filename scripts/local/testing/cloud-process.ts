import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The local cloud as a process of its own, as the runner starts it. */
export interface CloudProcess {
  readonly endpoint: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly apis: Readonly<Record<string, string>>;
  readonly pid: number;
  readonly output: () => string;
  /** Exit code and how long it took, ms. */
  stop(signal: NodeJS.Signals): Promise<{ code: number | null; ms: number }>;
}

/** @param packages none: nothing is deployed but what the data directory holds. @throws Error with what it printed when it ends before it is ready */
export async function startCloud(root: string, dataDir: string, packages: string | undefined, ...more: readonly string[]): Promise<CloudProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'scripts/local/main.ts'), '--data-dir', dataDir, '--port', '0', '--mail-port', '0', ...(packages === undefined ? [] : ['--packages', packages]), ...more], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const [message] = (await Promise.race([once(child, 'message'), ended.then(([code]) => Promise.reject(new Error(`exit ${code}: ${printed}`)))])) as [{ ports: Record<string, number>; apis: Record<string, string> }];
  return {
    endpoint: `http://127.0.0.1:${message.ports['aws']}`,
    ports: message.ports,
    apis: message.apis,
    pid: child.pid ?? 0,
    output: () => printed,
    async stop(signal) {
      const began = performance.now();
      child.kill(signal);
      const [code] = await ended;
      return { code, ms: performance.now() - began };
    },
  };
}
