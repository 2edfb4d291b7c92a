import { WarehouseFailed, WarehouseSlow, type Row } from '@orderflow/shared/aws';
import { silentLog } from '@orderflow/shared/lambda';
import * as z from 'zod/mini';
import { csvOf } from './csv.ts';
import { BadFilter, filters, spanOf } from './filters.ts';
import { handle, type Api } from './handle.ts';
import { openApi } from './open-api.ts';
import { offsetOf, pageFrom, pageOf } from './page.ts';
import { route } from './route.ts';
import { routes } from './routes.ts';

const things = route({
  path: '/things', summary: 'Things', description: 'Of a test.', query: z.strictObject({ from: filters.from, currency: filters.currency, limit: filters.limit, after: filters.after, format: filters.format }),
  answer: z.strictObject({ rows: z.array(z.strictObject({ name: z.string() })) }),
  async read(query, { warehouse }) {
    if (query.currency === 'XXX') throw new BadFilter('currency', 'must be one of EUR');
    return { rows: (await warehouse.rows('SELECT things')).map((row) => ({ name: String(row['name']) })) };
  },
});
const run = (id: string): Row => ({ run_id: id, as_of: '2026-11-18', finished_at: '2026-11-18T09:00:00Z' });

function api(more: Partial<Api> = {}, refreshes: readonly Row[] = [run('r1')], fail?: Error) {
  const asked: string[] = [];
  const rows = (sql: string): Promise<Row[]> => {
    asked.push(sql.includes('insight_run') ? 'refresh' : 'things');
    if (sql.includes('insight_run')) return Promise.resolve([...refreshes]);
    return fail === undefined ? Promise.resolve([{ name: 'mug' }]) : Promise.reject(fail);
  };
  const deps: Api = { routes: [things], warehouse: { rows }, messagesOf: () => Promise.resolve({ sent: 0, skipped: 0, unknown: 0 }), version: 'v1', clock: () => Date.parse('2026-11-18T10:00:00Z'), log: silentLog, ...more };
  const get = (rawPath: string, queryStringParameters?: Record<string, string>, headers?: Record<string, string>) => handle({ rawPath, queryStringParameters, headers }, deps);
  return { get, asked };
}
const body = (answer: { readonly body: string }): Record<string, unknown> => JSON.parse(answer.body) as Record<string, unknown>;

describe('an answer', () => {
  it('carries a tag, by which a second question costs one small statement', async () => {
    const { get, asked } = api();
    const first = await get('/api/things');
    expect(first).toMatchObject({ statusCode: 200, body: '{"rows":[{"name":"mug"}]}', headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'private, max-age=60', 'last-modified': 'Wed, 18 Nov 2026 09:00:00 GMT' } });
    expect(await get('/api/things', undefined, { 'If-None-Match': `"other", W/${first.headers['etag'] ?? ''}` })).toMatchObject({ statusCode: 304, body: '' });
    expect(asked).toEqual(['refresh', 'things', 'refresh']);
  });
  it('has another tag after a refresh, on another day, of another version, for another question', async () => {
    const tag = async (more: Partial<Api> = {}, refreshes = [run('r1')], query?: Record<string, string>) => (await api(more, refreshes).get('/api/things', query)).headers['etag'];
    const tags = await Promise.all([tag(), tag({}, [run('r2')]), tag({ version: 'v2' }), tag({}, [{ ...run('r1'), as_of: '2026-11-19' }]), tag({}, [run('r1')], { currency: 'EUR' })]);
    expect(new Set(tags).size).toBe(5);
    expect(await tag()).toBe(tags[0]);
  });
  it('has the tag of its content where nothing was refreshed yet', async () => {
    const { get, asked } = api({}, []);
    const { headers } = await get('/api/things');
    expect((await get('/api/things', undefined, { 'if-none-match': headers['etag'] ?? '' })).statusCode).toBe(304);
    expect(asked).toEqual(['refresh', 'things', 'refresh', 'things']);
  });
  it('is a table where that is asked for', async () => {
    expect(await api().get('/api/things/', { format: 'csv' })).toMatchObject({ statusCode: 200, body: '\uFEFFname\r\nmug\r\n', headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="things.csv"' } });
  });
});

describe('what is wrong', () => {
  it.each([
    [{ sorce: 'x' }, 'sorce'], [{ from: '2026-02-30' }, 'from'], [{ currency: 'euro' }, 'currency'], [{ limit: '0' }, 'limit'], [{ limit: '1e3' }, 'limit'], [{ after: '../' }, 'after'], [{ format: 'xml' }, 'format'], [{ currency: 'XXX' }, 'currency'],
  ] as [Record<string, string>, string][])('is named: %j', async (query, field) => {
    const answer = await api().get('/api/things', query);
    expect([answer.statusCode, body(answer)]).toEqual([400, { error: 'bad-filter', field, message: expect.stringMatching(/./) as unknown }]);
  });
  it('is said where there is no such path, with what there is', async () => {
    const answer = await api().get('/api/thing');
    expect([answer.statusCode, body(answer)['message']]).toEqual([404, 'there are: /api/things, /api/openapi.json']);
  });
  it('is said of a statement that took too long, with what to ask for instead', async () => {
    const answer = await api({}, [run('r1')], new WarehouseSlow(20_000)).get('/api/things');
    expect([answer.statusCode, body(answer)['hint']]).toEqual([504, expect.stringContaining('fewer days')]);
  });
  it('is not told in detail where the warehouse refuses, but logged', async () => {
    const logged: unknown[] = [];
    const answer = await api({ log: { ...silentLog, error: (...line) => void logged.push(line) } }, [run('r1')], new WarehouseFailed('column "secret" does not exist')).get('/api/things');
    expect([answer.statusCode, answer.body.includes('secret'), JSON.stringify(logged).includes('secret')]).toEqual([502, false, true]);
  });
});

it('names at most 1,100 days, and none backwards', () => {
  expect(spanOf({}, '2026-11-18')).toEqual({ from: '2026-08-21', to: '2026-11-19' });
  expect(spanOf({ from: '2026-11-01', to: '2026-11-02' }, '2026-11-18')).toEqual({ from: '2026-11-01', to: '2026-11-03' });
  for (const wrong of [{ from: '2026-11-19' }, { from: '2020-01-01' }]) expect(() => spanOf(wrong, '2026-11-18')).toThrow(BadFilter);
});

it('pages through all rows, once each', () => {
  const all = Array.from({ length: 7 }, (_, at) => at);
  const seen: number[] = [];
  for (let after: string | undefined, pages = 0; pages === 0 || after !== undefined; pages++) {
    const { rows, next } = pageOf(all, { limit: 3, after });
    expect(pageFrom(all.slice(offsetOf(after), offsetOf(after) + 4), { limit: 3, after })).toEqual({ rows, ...(next === undefined ? {} : { next }) });
    seen.push(...rows);
    after = next;
  }
  expect(seen).toEqual(all);
  expect(() => offsetOf('bm9uZQ')).toThrow(BadFilter);
});

describe('CSV', () => {
  it('has every column, and quotes what needs it', () => {
    expect(csvOf([{ a: 1, b: 'x, "y"\nz' }, { a: null, c: { d: true, e: ['p', 2] } }])).toBe('\uFEFFa,b,c.d,c.e\r\n1,"x, ""y""\nz",,\r\n,,true,p; 2\r\n');
    expect(csvOf([])).toBe('\uFEFF\r\n');
  });
  it.each(['=1+1', '+cmd|x', '-2+3', '@SUM(A1)', '\t=1', ' =1', '|x', '%x', '\n=1'])('makes no formula of %j', (text) => {
    const [, cell = ''] = csvOf([{ a: text }]).split('\r\n');
    expect(cell.startsWith("'") || cell.startsWith("\"'")).toBe(true);
  });
  it.each([-3, '-3.50', '1e-7', '2026-11-18'])('leaves %j as it is', (value) => expect(csvOf([{ a: value }])).toBe(`\uFEFFa\r\n${value}\r\n`));
});

describe('the OpenAPI document', () => {
  const document = openApi(routes, 'v1') as { paths: Record<string, { get: { operationId: string; parameters: { name: string; description: string }[]; responses: Record<string, { content?: Record<string, { schema: object }> }> } }> };
  it('has every path with its filters and answer, operations named once', () => {
    expect(Object.keys(document.paths)).toEqual(routes.map(({ path }) => `/api${path}`));
    const operations = Object.values(document.paths).map(({ get }) => get);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(routes.length);
    expect(document.paths['/api/products']?.get.parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(['from', 'to', 'source', 'currency', 'country', 'category', 'limit', 'after']));
    for (const { responses } of operations) expect(responses['200']?.content?.['application/json']?.schema).toMatchObject({ type: 'object', additionalProperties: false });
  });
  it('is told by the API itself', async () => {
    expect(body(await api().get('/api/openapi.json'))).toMatchObject({ openapi: '3.1.0', paths: { '/api/things': {} } });
  });
});
