import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startProcesses } from './world/processes.ts';
import { openWorld, type World } from './world/world.ts';

export interface StagesOptions {
  readonly root: string;
  /** Each stage gets a folder of its own below it. */
  readonly dataDir: string;
  readonly packages: string;
  readonly ports: { readonly webhooks: number; readonly aws: number; readonly mail: number };
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** One stage at a time: the one that runs, or a fresh one after something was left broken. */
export interface Stages {
  world(): Promise<World>;
  /** The next one who asks gets a fresh stage. */
  discard(): Promise<void>;
}

export function stages(options: StagesOptions): Stages {
  let started = 0;
  let running: World | undefined;
  return {
    async world() {
      if (running) return running;
      started += 1;
      const dataDir = join(options.dataDir, `stage-${started}`);
      rmSync(dataDir, { recursive: true, force: true });
      const { root, packages, ports, say } = options;
      const processes = await startProcesses({ root, dataDir, packages, ports, onLost: (line) => say(`LOST: ${line}`) });
      running = openWorld(processes, options.seed, options.signal);
      return running;
    },
    async discard() {
      const old = running;
      running = undefined;
      await old?.stop();
    },
  };
}
