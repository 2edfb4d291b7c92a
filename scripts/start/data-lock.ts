import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alive } from './process-tree.ts';
import { CannotStart } from './preflight.ts';

/**
 * Makes this process the only run on a data directory. A lock whose process is gone (killed) is taken over.
 * @returns what releases it. @throws CannotStart when another run works there
 */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'run.lock');
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number(readFileSync(file, 'utf8'));
      if (owner > 0 && owner !== process.pid && alive(owner)) {
        throw new CannotStart(`process ${owner} already runs on ${dataDir}: stop it, or give this run its own --data-dir and --port-base`);
      }
      if (attempt > 3) throw new CannotStart(`${file} cannot be taken over: delete it`);
      rmSync(file, { force: true });
    }
  }
}
