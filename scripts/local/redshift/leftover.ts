import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Command line of a process; empty when there is none. Linux reads it from /proc, others ask `ps`. */
async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
  }
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/**
 * Ends a PostgreSQL that an earlier run left behind over this folder, known by its own pid file *and* its command line
 * (a pid may have been given to another process meanwhile), and removes the pid file of one that is gone.
 */
export async function endLeftover(folder: string): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (Number.isInteger(pid) && pid > 1 && alive(pid)) {
    const command = await commandOf(pid);
    if (command.includes(folder)) {
      process.kill(pid, 'SIGQUIT');
      for (let waited = 0; alive(pid) && (await commandOf(pid)) !== ''; waited += 50) {
        if (waited === 3_000) process.kill(pid, 'SIGKILL');
        if (waited > 6_000) throw new Error(`process ${pid} of an earlier run does not end; end it and start again`);
        await pause(50);
      }
    }
  }
  await rm(file, { force: true });
}
