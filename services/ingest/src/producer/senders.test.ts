import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { signed } from '../testing/memory.ts';
import { ask, post, rawConnection, testServer, type TestServer, type TestServerParts } from '../testing/server.ts';
import { findSource } from '../sources/registry.ts';
import type { SourceDefinition } from '../sources/definition.ts';

let server: TestServer;
const start = async (parts: TestServerParts = {}): Promise<TestServer> => (server = await testServer(parts));
afterEach(() => server.close());

const body = JSON.stringify({ type: 'order.updated', data: { update: { orderId: '1', occurredAt: '2026-11-22T11:00:00Z' } } });
const delivery = (text = body) => signed('canonical', text, { 'webhook-id': 'm' });
const canonical = findSource('canonical') as SourceDefinition;
const small: SourceDefinition = { ...canonical, mostBytes: 10_000 };

/** Request line and headers of a post. */
const head = (headers: Record<string, string | undefined>): string =>
  `POST /webhooks/canonical HTTP/1.1\r\nhost: x\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value ?? ''}\r\n`).join('')}\r\n`;
const genuine = delivery();
const length = String(genuine.body.byteLength);

describe('slow senders', () => {
  const hasty = { headersMs: 100, requestMs: 200, idleMs: 300, checkEveryMs: 20 };

  it.each([
    ['that says nothing', ''], ['whose headers do not end', 'POST /webhooks/canonical HTTP/1.1\r\nhost: x\r\n'], ['whose body does not end', `${head({ 'content-length': '10' })}123`],
    ['whose chunks do not end', `${head({ 'transfer-encoding': 'chunked' })}3\r\n123\r\n`],
  ])('lose a connection %s, with 408', async (_, said) => {
    const { port } = await start({ limits: hasty });
    expect(await rawConnection(port, said).ended).toMatch(/^HTTP\/1\.1 408 /);
    expect(server.refused).toEqual(['slow']);
  });

  it('do not hold a connection that is idle after an answer', async () => {
    const { port } = await start({ limits: { idleMs: 100, checkEveryMs: 20 } });
    expect(await rawConnection(port, 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n').ended).toMatch(/^HTTP\/1\.1 200 OK[^]*alive"}$/);
  });

  it('do not keep others out: hundreds of idle connections and one that works', async () => {
    const { port } = await start({ limits: { headersMs: 60_000 } });
    const idle = Array.from({ length: 300 }, () => rawConnection(port, 'POST /webhooks/canonical HTTP/1.1\r\n'));
    expect((await post(port, delivery())).status).toBe(200);
    for (const { socket } of idle) socket.destroy();
  });

  it('are not let in above the number of connections', async () => {
    const { port } = await start({ limits: { connections: 2 } });
    const kept = [rawConnection(port, 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'), rawConnection(port, 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n')];
    await Promise.all(kept.map((one) => one.heard('alive')));
    expect(await rawConnection(port, 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n').ended).toBe('');
    kept[0]?.socket.destroy();
    await kept[0]?.ended;
  });

  it('who leave in the middle leave nothing behind', async () => {
    const { port, intake } = await start({ limits: { requests: 1 } });
    const leaver = rawConnection(port, `${head({ 'content-length': '100', expect: '100-continue' })}123`);
    await leaver.heard('100 Continue');
    expect((await post(port, delivery())).status).toBe(503);
    leaver.socket.destroy();
    while ((await post(port, delivery())).status !== 200);
    expect([intake.archived.length, server.failed]).toEqual([1, []]);
  });
});

describe('what is no proper request', () => {
  it.each([
    ['is no HTTP', 'EHLO example.com\r\n\r\n', 400], ['has two lengths', head({ 'content-length': '5', 'Content-Length': '6' }), 400],
    ['has a length and chunks', head({ 'content-length': '5', 'transfer-encoding': 'chunked' }), 400], ['has a space in a name', head({ 'content-length ': '5' }), 400],
    ['has a folded length', head({ 'content-length': '1\r\n 0' }), 400], ['has no host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
    ['has chunks that are none', `${head({ 'transfer-encoding': 'chunked' })}zz\r\n`, 400], ['has huge headers', head({ long: 'x'.repeat(17_000) }), 431],
    ['has many headers', head(Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`h${n}`, 'x']))), 431],
    ['expects what nobody knows', head({ 'content-length': '0', expect: 'the-unexpected' }), 417],
  ])('%s', async (_, said, status) => {
    const { port, intake } = await start();
    const { socket, ended, heard } = rawConnection(port, said);
    await heard(`HTTP/1.1 ${status} `);
    socket.end();
    expect((await ended).match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect([intake.archived, server.failed]).toEqual([[], []]);
  });
});

describe('bodies over the limit', () => {
  it('are refused by their announced length before a byte of them came', async () => {
    const { port } = await start({ sources: [small] });
    const { heard, socket } = rawConnection(port, head({ 'content-length': '10001' }));
    expect(await heard('}')).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it('are cut off at the limit when they come in chunks', async () => {
    const { port } = await start({ sources: [small] });
    const { heard, socket } = rawConnection(port, head({ 'transfer-encoding': 'chunked' }), `2710\r\n${'x'.repeat(10_000)}\r\n`);
    socket.write('1\r\nx\r\n');
    expect(await heard('}')).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/i);
    socket.destroy();
  });

  it('show their sender the 413 although it writes everything first', async () => {
    const { port } = await start({ sources: [small] });
    const answer = await post(port, delivery('x'.repeat(9_000_000)));
    expect([answer.status, (JSON.parse(answer.body) as { error: string }).error]).toEqual([413, 'too-large']);
  });

  it('are read no further than a while after the answer', async () => {
    const { port } = await start({ sources: [small], limits: { discardBytes: 100_000, discardMs: 60_000 } });
    const { ended, socket } = rawConnection(port, head({ 'transfer-encoding': 'chunked' }));
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const endless = function* (): Generator<string> {
      for (;;) yield chunk;
    };
    Readable.from(endless()).pipe(socket);
    await ended;
    expect(socket.bytesWritten).toBeLessThan(20_000_000);
  });

  it('nor is a sender waited for that stops in the middle', async () => {
    const { port } = await start({ sources: [small], limits: { discardMs: 50 } });
    expect(await rawConnection(port, head({ 'content-length': '20000' })).ended).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('do not spoil the connection for the next request', async () => {
    const { port } = await start({ sources: [small] });
    const { heard, socket } = rawConnection(port, head({ 'content-length': '10001' }), 'x'.repeat(10_001), 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(await heard('alive')).toMatch(/^HTTP\/1\.1 413 [^]*HTTP\/1\.1 200 /);
    socket.destroy();
  });

  it('are no way to fill the memory: a bomb of 300 MB', async () => {
    const { port } = await start({ sources: [small] });
    const bomb = gzipSync(Buffer.alloc(8_000_000), { level: 9 });
    expect(bomb.byteLength).toBeLessThan(10_000);
    expect((await post(port, { ...delivery(), body: bomb }, { 'content-encoding': 'gzip' })).status).toBe(413);
  });
});

describe('a sender that waits for 100 Continue', () => {
  const expects = { ...genuine.headers, 'content-length': length, expect: '100-continue' };

  it('is asked for its body when everything else is in order', async () => {
    const { port } = await start();
    const { heard, socket } = rawConnection(port, head(expects));
    expect(await heard('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(genuine.body);
    expect(await heard('events')).toMatch(/HTTP\/1\.1 200 OK/);
    socket.destroy();
  });

  it('is refused without it', async () => {
    const { port } = await start({ sources: [small] });
    expect(await rawConnection(port, head({ ...expects, 'content-length': '10001' })).ended).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/i);
  });
});

describe('when too much is under way', () => {
  /** A use case that answers when it is let; `started(n)` resolves when n have asked. */
  const slow = () => {
    const release = Promise.withResolvers<undefined>();
    let asked = 0;
    let look = (): void => undefined;
    const take = async () => {
      asked += 1;
      look();
      await release.promise;
      return { status: 200, headers: {}, body: '' };
    };
    const started = (n: number): Promise<void> => new Promise((resolve) => {
      look = () => {
        if (asked >= n) resolve();
      };
      look();
    });
    return { take, started, release: () => release.resolve(undefined) };
  };

  it('more is 503 with Retry-After, and health goes on being answered', async () => {
    const { take, started, release } = slow();
    const { port } = await start({ take, limits: { requests: 3 } });
    const under = Array.from({ length: 3 }, () => post(port, delivery()));
    await started(3);
    expect(await post(port, delivery())).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect((await ask(port, '/healthz')).status).toBe(200);
    release();
    expect((await Promise.all(under)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await post(port, delivery())).status).toBe(200);
  });

  it('bytes are bounded, and large bodies leave room for small ones', async () => {
    const { take, started, release } = slow();
    const { port } = await start({ take, limits: { bytes: 2_000_000 } });
    const under = [post(port, delivery('x'.repeat(900_000)))];
    await started(1);
    expect((await post(port, delivery('x'.repeat(900_000)))).status).toBe(503);
    under.push(post(port, delivery('x'.repeat(200_000))));
    release();
    expect((await Promise.all(under)).map(({ status }) => status)).toEqual([200, 200]);
  });
});
