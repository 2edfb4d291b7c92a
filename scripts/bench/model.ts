import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureLatency } from '../../services/language-model/evaluation/latency.ts';
import { readCases } from '../../services/language-model/evaluation/read.ts';
import { instanceOf } from '../../services/language-model/evaluation/returns.ts';
import { loadEncoder } from '../../services/language-model/src/model/load-encoder.ts';

/** MB that the server holds after 2,000 texts; undefined where the system does not tell (no /proc). */
async function residentMb(home: string, texts: readonly object[]): Promise<number | undefined> {
  const server = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', join(home, 'src/serve/main.ts'), 'serve', '--port', '0'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    const [{ listening }] = (await once(server, 'message')) as [{ listening: number }];
    for (let sent = 0; sent < 2_000; sent += 100) {
      const instances = Array.from({ length: 100 }, (_, at) => texts[(sent + at) % texts.length]);
      const answer = await fetch(`http://127.0.0.1:${listening}/invocations`, { method: 'POST', body: JSON.stringify({ instances }) });
      if (!answer.ok) throw new Error(`the model's server answered ${answer.status}`);
      await answer.arrayBuffer();
    }
    const resident = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1];
    return resident === undefined ? undefined : Math.round(Number(resident) / 1024);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  } finally {
    server.kill();
  }
}

/** The language model on one thread: milliseconds of a call with 1 and with 32 of the hand-written cases, most memory of its server. */
export async function model(root: string, say: (line: string) => void): Promise<Record<string, number>> {
  const home = join(root, 'services/language-model');
  const texts = readCases(join(home, 'evaluation/cases.jsonl')).map(instanceOf);
  const latency = await measureLatency(await loadEncoder(join(home, 'weights')), texts);
  say('the server, 2,000 texts');
  const resident = await residentMb(home, texts);
  const rounded = Object.fromEntries(Object.entries(latency).map(([name, value]) => [name, Number(value.toFixed(2))]));
  return { ...rounded, ...(resident === undefined ? {} : { serverPeakRssMb: resident }) };
}
