import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpLookUp } from '../../services/orders/src/payments/http-look-up.ts';

describe('the payments stand-in', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-payments-'));
  let child: ChildProcess;
  let url: string;

  const start = async (): Promise<void> => {
    child = spawn(process.execPath, [join(__dirname, 'payments-standin.ts'), '--data-dir', dataDir], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const { port } = await new Promise<{ port: number }>((ready) => child.once('message', (message) => { ready(message as { port: number }); }));
    url = `http://127.0.0.1:${port}`;
  };
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    const gone = new Promise((ended) => child.once('exit', ended));
    child.kill(signal);
    await gone;
  };
  const put = (path: string, body: object) => fetch(`${url}${path}`, { method: 'PUT', body: JSON.stringify(body) });
  const find = (provider: string, reference: string, timeoutMs = 2_000) =>
    httpLookUp({ fetch, keyOf: async () => 'local', hostOf: (name) => `${url}/${name}`, timeoutMs }).find({ provider, reference, source: 's', account: 'a' });

  beforeAll(start);
  afterAll(async () => {
    await stop('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('says PENDING of what nobody has set, and changes its mind when told', async () => {
    expect(await find('stripe', 'pi_1')).toEqual({ outcome: 'found', status: 'PENDING' });
    await put('/payments/pi_1', { status: 'PAID' });
    expect(await find('stripe', 'pi_1')).toEqual({ outcome: 'found', status: 'PAID' });
    await put('/payments/cap_1', { status: 'REFUNDED' });
    expect(await find('paypal', 'cap_1')).toEqual({ outcome: 'found', status: 'REFUNDED' });
  });

  it('can be slow and down', async () => {
    await put('/behaviour', { delayMs: 400 });
    expect(await find('square', 'x', 50)).toEqual({ outcome: 'unavailable' });
    await put('/behaviour', { delayMs: 0, down: true });
    expect(await find('square', 'x')).toEqual({ outcome: 'unavailable' });
    await put('/behaviour', { down: false });
    expect(await find('square', 'x')).toEqual({ outcome: 'found', status: 'PENDING' });
  });

  it('remembers over a kill', async () => {
    await put('/payments/pi_2', { status: 'FAILED' });
    await stop('SIGKILL');
    await start();
    expect(await find('stripe', 'pi_2')).toEqual({ outcome: 'found', status: 'FAILED' });
  });
});
