import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { normalize } from './normalize.ts';

const folder = mkdtempSync(join(tmpdir(), 'normalize-'));
const file = (name: string, body: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, body);
  return path;
};
async function run(...args: string[]): Promise<{ status: number; events: Record<string, unknown>[]; notes: string }> {
  const out: string[] = [];
  const notes: string[] = [];
  const status = await normalize(args, { out: (line) => void out.push(line), note: (line) => void notes.push(line) });
  return { status, events: out.map((line) => JSON.parse(line) as Record<string, unknown>), notes: notes.join('\n') };
}

const order = (id: string, total: unknown = 0) => ({
  type: 'order.created', data: { order: { id, placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total, payment: { status: 'PAID' }, fulfilment: { status: 'UNFULFILLED' }, lines: [] } } });
const fixture = (source: string, name: string): string => join(__dirname, '../../services/ingest/src/sources', source, 'fixtures', `${name}.json`);

describe('normalize', () => {
  it('prints one event a line in payload order, a rejection for each bad item, without recordedtime', async () => {
    const { status, events } = await run('--source', 'canonical', file('a.json', JSON.stringify([order('1'), order('2', 'x'), order('3')])));
    expect(status).toBe(0);
    expect(events.map(({ type, partitionkey }) => [type, partitionkey])).toEqual([
      ['order.created', 'canonical:default:1'], ['intake.rejected', expect.stringContaining('canonical:default:rejection:')], ['order.created', 'canonical:default:3'],
    ]);
    expect(events[1]).toMatchObject({ data: { rejection: { code: 'schema', path: '$[1].data.order.total' } } });
    expect(events[0]).not.toHaveProperty('recordedtime');
  });

  it('exits 1 only when nothing could be read', async () => {
    expect(await run('--source', 'canonical', file('b.json', '{"type":'))).toMatchObject({ status: 1, events: [{ type: 'intake.rejected' }] });
  });

  it('takes the topic, and the account’s name into the key', async () => {
    const { status, events } = await run('--source', 'shopify', '--account', 'outlet', '--topic', 'orders/create', fixture('shopify', 'order-created'));
    expect([status, events[0]?.['partitionkey']]).toEqual([0, 'shopify:outlet:5123456789012']);
  });

  it('says of an unused topic that it is one, on stderr, with exit 0', async () => {
    expect(await run('--source', 'shopify', '--topic', 'shop/update', fixture('shopify', 'order-created'))).toMatchObject({ status: 0, events: [], notes: expect.stringContaining('shop/update is not used') });
  });

  it('checks the signature when it is given headers, and only then', async () => {
    const body = readFileSync(fixture('shopify', 'order-created'));
    const headers = (secret: string) =>
      file(`${secret}.headers.json`, JSON.stringify({ 'X-Shopify-Topic': 'orders/create', 'X-Shopify-Hmac-Sha256': createHmac('sha256', secret).update(body).digest('base64') }));
    const args = ['--source', 'shopify', fixture('shopify', 'order-created'), '--headers'];
    expect((await run(...args, headers('local-shopify-secret'))).status).toBe(0);
    expect(await run(...args, headers('guess'))).toMatchObject({ status: 1, events: [], notes: expect.stringContaining('the signature is wrong') });
  });

  it('reads a thin notice, and what is fetched for it', async () => {
    expect(await run('--source', 'squarespace', fixture('squarespace', 'order-create'))).toMatchObject({ status: 0, events: [{ type: 'source.notified' }] });
    const fetched = await run('--source', 'squarespace', '--fetched', fixture('squarespace', 'fetched-fulfilled'));
    expect(fetched).toMatchObject({ status: 0, events: [{ type: 'order.created', data: { order: { total: 5620 } } }, { type: 'order.updated' }] });
    expect(await run('--source', 'squarespace', '--fetched', fixture('squarespace', 'fetched-without-total'))).toMatchObject({ status: 1, events: [{ type: 'intake.rejected' }] });
  });

  it('reads dropped files through their mapping', async () => {
    const retail = readFileSync(join(__dirname, '../../services/ingest/src/take-file/fixtures/retail.csv'));
    const { status, events } = await run('--source', 'file-drop', file('retail.csv.gz', gzipSync(retail)));
    expect(status).toBe(0);
    expect(events).toHaveLength(11);
    const mapping = file('own.yml', 'name: own\ncolumns: [o, t, s, q, p]\ntime: { zone: UTC }\ncurrency: EUR\ndocument: { id: o, at: t }\nline: { productId: s, quantity: q, unitPrice: p }\n');
    const own = await run('--source', 'file-drop', '--live', '--mapping', mapping, file('own.csv', 'o,t,s,q,p\n1,2026-01-01T10:00:00,A,2,1.50\n'));
    expect(own.events).toMatchObject([{ type: 'order.created', data: { order: { id: '1', total: 300 } } }]);
    expect(own.events[0]).not.toHaveProperty('data.order.historical');
    expect(await run('--source', 'file-drop', file('strange.csv', 'a,b\n1,2\n'))).toMatchObject({ status: 1, notes: expect.stringContaining('no mapping has the columns a, b') });
  });

  it.each([
    ['no source', [], 2, /--source is missing/],
    ['an unknown source', ['--source', 'myspace', 'x'], 2, /is none of .*canonical/],
    ['no file', ['--source', 'canonical'], 2, /exactly one FILE/],
    ['an unknown option', ['--sauce', 'x'], 2, /usage/],
    ['a fetch that there is not', ['--source', 'canonical', '--fetched', 'x'], 2, /nothing is fetched/],
    ['a file that is not there', ['--source', 'canonical', '/nowhere/x.json'], 1, /cannot be read/],
    ['an account that is not configured', ['--source', 'canonical', '--account', 'nobody', 'x'], 1, /not configured/],
  ])('says what to do about %s in one line', async (_, args, status, message) => {
    const result = await run(...args);
    expect(result).toMatchObject({ status, events: [] });
    expect(result.notes).toMatch(message);
    expect(result.notes.split('\n')).toHaveLength(1);
  });
});
