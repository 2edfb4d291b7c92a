import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readReply, type LanguageModel } from '@orderflow/shared/model';

/**
 * The server in a process of its own, as in the container: ONNX Runtime does not know the arrays of a test's own realm.
 * @param weights folder of the weights
 */
export const startServer = (weights: string): ChildProcess =>
  spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', join(__dirname, '../main.ts'), 'serve', '--port', '0', '--weights', weights], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });

/** Its address, once it listens. */
export async function addressOf(server: ChildProcess): Promise<string> {
  const [{ listening }] = (await once(server, 'message')) as [{ listening: number }];
  return `http://127.0.0.1:${listening}`;
}

/** The port over a running server. */
export const runningModel = (base: string): LanguageModel => ({
  async predict(instances) {
    const answer = await fetch(`${base}/invocations`, { method: 'POST', body: JSON.stringify({ instances }) });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    return readReply(new Uint8Array(await answer.arrayBuffer()), instances);
  },
});
