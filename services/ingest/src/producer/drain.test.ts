import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fakeAws, type FakeAws } from '../testing/fake-aws.ts';
import { signed } from '../testing/memory.ts';
import { ask, post, rawConnection, type HttpReply } from '../testing/server.ts';

let aws: FakeAws;
let child: ChildProcess;
let errors = '';

/** The program itself, as systemd starts it. @returns its port */
async function start(delayMs: number, variables: Record<string, string> = {}): Promise<number> {
  aws = await fakeAws(delayMs);
  errors = '';
  child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', join(__dirname, 'main.ts')], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_ENDPOINT_URL: aws.url, STAGE: 'local', HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'WARN',
      EVENTS_STREAM: 'events', FACTS_STREAM: 'facts', ARCHIVE_BUCKET: 'archive', QUARANTINE_BUCKET: 'quarantine', INTAKE_BUCKET: 'intake', NOTICES_QUEUES: 'notices-', CURSORS_TABLE: 'cursors', ...variables,
    },
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [message] = (await once(child, 'message')) as [{ port: number }];
  return message.port;
}
const ended = async (): Promise<[code: number | null, signal: string | null]> =>
  child.exitCode === null && child.signalCode === null ? ((await once(child, 'exit')) as [number | null, string | null]) : [child.exitCode, child.signalCode];

afterEach(async () => {
  child.kill('SIGKILL');
  await ended();
  aws.close();
});

const send = (port: number, id: string): Promise<HttpReply> => {
  const body = JSON.stringify({ type: 'order.updated', data: { update: { orderId: id, occurredAt: '2026-11-22T11:00:00Z' } } });
  return post(port, signed('canonical', body, { 'webhook-id': id }, { at: Date.now() }));
};
const archived = (): string => [...aws.objects].filter(([key]) => key.startsWith('/archive/raw/')).map(([, body]) => body.toString('utf8')).join('');
const streamed = (): string => aws.records.join('\n');

describe('the producer on SIGTERM', () => {
  it('under load cuts nothing and loses nothing: a balancer that asks /healthz has time to look elsewhere', async () => {
    const port = await start(20, { DRAIN_NOTICE_SECONDS: '1', DRAIN_SECONDS: '20' });
    let healthy = true;
    const replies = new Map<string, HttpReply>();
    const sender = async (name: number): Promise<void> => {
      for (let n = 0; healthy; n++) {
        const id = `o-${name}-${n}`;
        replies.set(id, await send(port, id));
        if (name === 0 && n === 5) child.kill('SIGTERM');
      }
    };
    const balancer = async (): Promise<void> => {
      while (healthy) healthy = (await ask(port, '/healthz')).status === 200;
    };
    await Promise.all([balancer(), ...Array.from({ length: 10 }, (_, n) => sender(n))]);
    expect(await ended()).toEqual([0, null]);
    expect([...replies.values()].filter(({ status }) => status !== 200)).toEqual([]);
    expect(replies.size).toBeGreaterThan(20);
    const [stream, archive] = [streamed(), archived()];
    expect([...replies.keys()].filter((id) => !stream.includes(`:${id}"`) || !archive.includes(`"${id}"`))).toEqual([]);
    expect(errors).toBe('');
  });

  it('finishes what is under way, waits for nobody who dribbles, and leaves idle connections and new ones', async () => {
    const port = await start(0, { DRAIN_SECONDS: '3' });
    expect((await send(port, 'first')).status).toBe(200);
    const idle = rawConnection(port, 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    await idle.heard('alive');
    const dribbling = rawConnection(port, 'POST /webhooks/canonical HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\nexpect: 100-continue\r\n\r\n1');
    await dribbling.heard('100 Continue');
    aws.hold();
    const underWay = send(port, 'under-way');
    await aws.held();
    child.kill('SIGTERM');
    await idle.ended;
    // refused, or reset where the kernel had taken it before the listener was closed
    await expect(send(port, 'too-late')).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
    aws.release();
    expect(await underWay).toMatchObject({ status: 200, headers: { connection: 'close' } });
    expect(await dribbling.ended).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    expect(await ended()).toEqual([0, null]);
    expect([streamed(), archived()]).toEqual([expect.stringContaining('under-way'), expect.stringContaining('under-way')]);
  });

  it('says so and fails when DRAIN_SECONDS are over and nothing has taken what waits', async () => {
    const port = await start(0, { DRAIN_SECONDS: '1' });
    aws.hold();
    const cut = expect(send(port, 'never-answered')).rejects.toThrow();
    await aws.held();
    child.kill('SIGTERM');
    expect(await ended()).toEqual([1, null]);
    await cut;
    expect(errors).toContain('not through within DRAIN_SECONDS=1');
    expect(streamed()).toBe('');
  });

  it('goes at once when it is told twice', async () => {
    const port = await start(0, { DRAIN_SECONDS: '60' });
    expect((await send(port, 'first')).status).toBe(200);
    aws.hold();
    const lost = send(port, 'never-answered').catch(() => 'cut');
    await aws.held();
    child.kill('SIGTERM');
    await expect(until503OrRefused(port)).resolves.toBeUndefined();
    child.kill('SIGTERM');
    expect(await ended()).toEqual([1, null]);
    await lost;
  });
});

/** Resolves when the producer has noticed that it is to stop. */
async function until503OrRefused(port: number): Promise<void> {
  while ((await ask(port, '/healthz').then(({ status }) => status, () => 503)) === 200);
}
