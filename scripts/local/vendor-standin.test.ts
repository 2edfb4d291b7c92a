import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('the stand-in of vendors', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-vendors-'));
  let child: ChildProcess;
  let url: string;

  const start = async (): Promise<void> => {
    child = spawn(process.execPath, [join(__dirname, 'vendor-standin.ts'), '--data-dir', dataDir], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const { port } = await new Promise<{ port: number }>((ready) => child.once('message', (message) => { ready(message as { port: number }); }));
    url = `http://127.0.0.1:${port}`;
  };
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    const gone = new Promise((ended) => child.once('exit', ended));
    child.kill(signal);
    await gone;
  };
  const put = (path: string, body: string) => fetch(`${url}/control/${path}`, { method: 'PUT', body });
  const order = (id: string, minute: number) => JSON.stringify({ id, modifiedOn: `2026-11-22T10:${String(minute).padStart(2, '0')}:00.000Z` });
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/squarespace/1.0/commerce/orders${path}`, { headers: { authorization: 'Bearer local-squarespace-api', 'user-agent': 'Test/1', ...headers } });
  const orders = 'items/squarespace/default';

  beforeAll(start);
  afterAll(async () => {
    await stop('SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('hands out what it holds, byte for byte, to those who prove who they are, and remembers over a kill', async () => {
    await put(`${orders}/a`, order('a', 1));
    await put(`${orders}/a?version=3`, order('a', 3));
    await put(`${orders}/a?version=2`, order('a', 2));
    expect(await (await get('/a')).text()).toBe(order('a', 3));
    expect((await get('/nowhere')).status).toBe(404);
    expect((await get('/a', { authorization: 'Bearer guess' })).status).toBe(401);
    expect((await get('/a', { authorization: 'Bearer local-squarespace-other-api' })).status).toBe(404);
    await stop('SIGKILL');
    await start();
    expect(await (await get('/a')).text()).toBe(order('a', 3));
    expect(Object.values((await (await fetch(`${url}/control/served`)).json()) as Record<string, string[]>).flat()).toHaveLength(1);
  });

  it('lists by time of change, page by page, and takes no range beside a cursor', async () => {
    for (let at = 0; at < 55; at++) await put(`${orders}/l${at}`, order(`l${at}`, at));
    const read = async (query: string) => (await (await get(query)).json()) as { result: { id: string }[]; pagination: { hasNextPage: boolean; nextPageCursor: string | null } };
    const range = '?modifiedAfter=2026-11-22T10:00:30Z&modifiedBefore=2026-11-22T11:00:00Z';
    const first = await read(range);
    expect([first.result.length, first.pagination.hasNextPage]).toEqual([50, true]);
    const second = await read(`?cursor=${first.pagination.nextPageCursor}`);
    expect(second.pagination).toMatchObject({ hasNextPage: false, nextPageCursor: null });
    expect(new Set([...first.result, ...second.result].map(({ id }) => id)).size).toBe(55);
    expect((await get(`${range}&cursor=x`)).status).toBe(400);
    expect((await get('?modifiedAfter=2026-11-22T10:00:30Z')).status).toBe(400);
  });

  it('misbehaves when asked to', async () => {
    await put('behaviour/squarespace', JSON.stringify({ status: 429, retryAfter: 7, times: 1 }));
    const limited = await get('/a');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await get('/a')).status).toBe(200);
  });

  it('gives tokens to whoever proves to be a client, wants them, and takes a refresh token that rotates once', async () => {
    const ask = async (fields: Record<string, string>) => {
      const answer = await fetch(`${url}/mercado-libre/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', client_id: 'local-mercado-libre-api', client_secret: 'local-mercado-libre-api-secret', ...fields }) });
      return { status: answer.status, ...(await answer.json() as { access_token?: string; refresh_token?: string }) };
    };
    const first = await ask({ refresh_token: 'local-mercado-libre-api-refresh-0' });
    expect(first).toMatchObject({ status: 200, refresh_token: 'local-mercado-libre-api-refresh-1' });
    expect((await ask({ refresh_token: 'local-mercado-libre-api-refresh-0' })).status).toBe(400);
    expect((await ask({ refresh_token: 'local-mercado-libre-api-refresh-1', client_secret: 'x' })).status).toBe(401);
    await stop('SIGKILL');
    await start();
    expect((await ask({ refresh_token: 'local-mercado-libre-api-refresh-1' })).status).toBe(200);
    const with_ = async (token: string) => (await fetch(`${url}/mercado-libre/orders/1`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect([await with_(first.access_token ?? ''), await with_('local-mercado-libre-api'), await with_(`local-mercado-libre-api-token-${Date.now() - 1}`)]).toEqual([404, 401, 401]);
  });

  it('limits the calls of an account when asked to, and publishes its key', async () => {
    await put('behaviour/vtex', JSON.stringify({ perSecond: 1 }));
    const call = () => fetch(`${url}/vtex/api/oms/pvt/orders/1`, { headers: { 'x-vtex-api-appkey': 'local-vtex-api', 'x-vtex-api-apptoken': '' } });
    const answers = await Promise.all([call(), call(), call(), call()]);
    expect(answers.filter(({ status }) => status === 429).map(({ headers }) => headers.get('retry-after'))).toContain('1');
    expect(await (await fetch(`${url}/adobe-commerce/prod/keys/pub-key-demo1.pem`)).text()).toContain('BEGIN PUBLIC KEY');
    expect(((await (await fetch(`${url}/saleor/.well-known/jwks.json`)).json()) as { keys: object[] }).keys).toHaveLength(1);
  });
});
