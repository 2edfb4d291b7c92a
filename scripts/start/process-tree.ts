import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** `/proc/<pid>/stat` counts in hundredths of a second (USER_HZ) on every platform that Node runs on. */
const LINUX_TICK_MS = 10;

/** True while a process of that id runs (a zombie does not). */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

/** [pid, parent, resident KiB] of every process. */
function processes(): [number, number, number][] {
  if (process.platform !== 'linux') {
    return execFileSync('ps', ['-axo', 'pid=,ppid=,rss='], { encoding: 'utf8' })
      .trim().split('\n').map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number]);
  }
  const rows: [number, number, number][] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      rows.push([Number(name), parent, 0]);
    } catch {
      // ended meanwhile
    }
  }
  return rows;
}

const familyOf = (root: number, rows: readonly [number, number, number][]): [number, number, number][] => {
  const family = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [pid, parent] of rows) if (family.has(parent) && !family.has(pid)) grown = Boolean(family.add(pid));
  }
  return rows.filter(([pid]) => family.has(pid));
};

/** Ids of a process and everything below it. */
export const descendants = (root: number): number[] => familyOf(root, processes()).map(([pid]) => pid);

/** A page shared by several processes (the database's buffers, the Node binary) counts once: proportional set size. */
function proportionalKib(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    try {
      return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  }
}

/** Memory of a process and everything below it, in MiB. */
export const treeMb = (root: number): number =>
  familyOf(root, processes()).reduce((sum, [pid, , kib]) => sum + (kib || proportionalKib(pid)), 0) / 1024;

/** CPU milliseconds that a process and everything below it have used, all threads, user and system. */
export function treeCpuMs(root: number): number {
  const family = descendants(root);
  if (process.platform !== 'linux') {
    // `ps` writes [[dd-]hh:]mm:ss.cc
    return execFileSync('ps', ['-o', 'time=', '-p', family.join(',')], { encoding: 'utf8' }).trim().split('\n')
      .reduce((sum, line) => sum + line.trim().split(/[-:]/).reduce((all, part) => all * 60 + Number(part), 0) * 1000, 0);
  }
  return family.reduce((sum, pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return sum + (Number(fields[11]) + Number(fields[12])) * LINUX_TICK_MS;
    } catch {
      return sum; // ended meanwhile
    }
  }, 0);
}

/** Samples the memory of the tree below `root` until stopped, and remembers the highest. */
export function watchMemory(root: number, everyMs = 1000): { peakMb(): number; stop(): void } {
  let peak = 0;
  const sample = (): void => void (peak = Math.max(peak, treeMb(root)));
  sample();
  const timer = setInterval(sample, everyMs);
  timer.unref();
  return { peakMb: () => peak, stop: () => clearInterval(timer) };
}
