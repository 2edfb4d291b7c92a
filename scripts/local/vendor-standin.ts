/**
 * The APIs of vendors for one machine: `node scripts/local/vendor-standin.ts [--port P] [--data-dir DIR]`. Each vendor
 * (vendors.ts) answers below `/<source>`: one item, a list by time of change, page by page, an access token, its public key; it
 * wants what proves who asks. What it holds is set by `PUT /control/items/<source>/<account>/<id>?version=N` (the item's
 * text), how it behaves by `PUT /control/behaviour/<source>` with any of `{ "delayMs": 0, "status": 500, "retryAfter": 60, "after": 1,
 * "times": 3, "perSecond": 5 }`: after so many good answers the next `times` calls (all, without it) are answered with `status`, and
 * no more than `perSecond` of an account's calls within a second are not answered 429; `{}` ends that. `GET /control/served` tells
 * what was handed out. Kept in DIR/vendors.ndjson. Tells its parent `{ ready: true, port }` over IPC.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { VendorStore } from './vendor-store.ts';
import { localPublished } from '../../services/ingest/src/accounts/local-secrets.ts';
import type { SourceDefinition } from '../../services/ingest/src/sources/definition.ts';
import type { StandInList } from '../../services/ingest/src/sources/demo.ts';
import { accountOfToken, giveToken, tokenPath } from './vendor-tokens.ts';
import { ratesDocument } from './rates-standin.ts';
import { accountOf, idAsked, standInVendors, type StandInVendor } from './vendors.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, 'data-dir': { type: 'string' } } });
const store = new VendorStore(values['data-dir'] === undefined ? undefined : join(values['data-dir'], 'vendors.ndjson'));

interface Behaviour {
  readonly delayMs?: number;
  readonly status?: number;
  readonly retryAfter?: number;
  /** So many calls are answered rightly first. */
  after?: number;
  times?: number;
  readonly perSecond?: number;
}
interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}
const behaviours = new Map<string, Behaviour>();
const said = (status: number, message: string): Answer => ({ status, body: JSON.stringify({ type: 'ERROR', message }) });

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function control(request: IncomingMessage, url: URL): Promise<Answer> {
  const [, , what = '', source = '', account = '', id = ''] = url.pathname.split('/').map(decodeURIComponent);
  if (request.method === 'GET' && what === 'served') return { status: 200, body: JSON.stringify(store.served()) };
  if (request.method !== 'PUT' || !Object.hasOwn(standInVendors, source)) return said(404, 'no such control or source');
  const text = await textOf(request);
  if (what === 'behaviour') behaviours.set(source, JSON.parse(text || '{}') as Behaviour);
  else store.put(`${source}/${account}/${id}`, Number(url.searchParams.get('version') ?? 1), text);
  return { status: 200, body: '{}' };
}

/** What was asked to go wrong, if it does so now. */
async function misbehaviour(source: string): Promise<Answer | undefined> {
  const behaviour = behaviours.get(source);
  if (!behaviour) return undefined;
  await pause(behaviour.delayMs ?? 0);
  if (behaviour.status === undefined || behaviour.times === 0) return undefined;
  if (behaviour.after !== undefined && behaviour.after > 0) {
    behaviour.after -= 1;
    return undefined;
  }
  if (behaviour.times !== undefined) behaviour.times -= 1;
  return { ...said(behaviour.status, 'as asked for'), headers: behaviour.retryAfter === undefined ? {} : { 'retry-after': String(behaviour.retryAfter) } };
}

/** Calls of the present second, by source and account. */
const calls = new Map<string, { second: number; count: number }>();

/** How many calls an account has left in this second; below 0: one too many. */
function leftOf(source: string, account: string): number {
  const second = Math.floor(Date.now() / 1_000);
  const known = calls.get(`${source}/${account}`);
  const now = known?.second === second ? known : { second, count: 0 };
  calls.set(`${source}/${account}`, now);
  now.count += 1;
  return (behaviours.get(source)?.perSecond ?? 1_000_000) - now.count;
}

/** What the vendor's rate limit says of itself, in its own headers. */
function limitHeaders({ api }: SourceDefinition, left: number): Readonly<Record<string, string>> {
  const { left: name, reset } = api?.limit ?? {};
  const epoch = Math.floor(Date.now() / 1_000) + 1;
  return {
    ...(name === undefined ? {} : { [name]: String(Math.max(left, 0)) }),
    ...(reset === undefined ? {} : { [reset.header]: String(reset.unit === 'epoch' ? epoch : reset.unit === 'seconds' ? 1 : 1_000) }),
  };
}

/** A page of a list; of one that only names its items nothing is handed out. */
function listed(list: StandInList, prefix: string, query: URLSearchParams): Answer {
  const asked = list.asked(query);
  if (typeof asked === 'string') return said(400, asked);
  const [from, to] = [Date.parse(asked.from), Date.parse(asked.to)];
  const found = store.below(prefix)
    .map(([key, body]) => ({ key, at: Date.parse(list.modified(JSON.parse(body) as Record<string, unknown>)) }))
    .filter(({ at }) => at >= from && at <= to)
    .sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
  const page = found.slice(asked.offset, asked.offset + list.pageSize);
  const offset = asked.offset + page.length;
  const texts = page.map(({ key }) => (list.names ? store.peek(key) : store.serve(key)) ?? '');
  return { status: 200, body: list.page(texts, offset < found.length ? { ...asked, offset } : undefined, asked) };
}

function published({ name, keys }: SourceDefinition): Answer {
  const [key = ''] = localPublished(name);
  if (keys && typeof keys.as === 'object') return { status: 200, body: JSON.stringify(keys.as.field.split('.').reduceRight<unknown>((value, part) => ({ [part]: value }), key)) };
  return { status: 200, body: key, headers: { 'content-type': keys?.as === 'jwks' ? 'application/json' : 'text/plain' } };
}

async function answer(request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const [, source = ''] = url.pathname.split('/');
  if (source === 'control') return control(request, url);
  if (source === 'ecb') {
    const body = ratesDocument(url.pathname.split('/').at(-1) ?? '', Date.now());
    return body === undefined ? said(404, 'no such document') : { status: 200, body, headers: { 'content-type': 'application/xml' } };
  }
  const vendor = Object.hasOwn(standInVendors, source) ? standInVendors[source] : undefined;
  if (!vendor) return said(404, 'no such vendor');
  const path = url.pathname.slice(source.length + 1);
  const { headers, method } = request;
  const flow = vendor.source.api?.token;
  if (flow && method === 'POST' && path === tokenPath(flow)) return await giveToken(vendor, headers, await textOf(request), store, Date.now());
  if (method !== 'GET') return said(405, 'only GET');
  if (vendor.keys?.test(path) && !vendor.source.keys?.authorised) return published(vendor.source);
  const wrong = await misbehaviour(source);
  if (wrong) return wrong;
  if (vendor.wantsUserAgent && !headers['user-agent']) return said(400, 'a User-Agent is needed');
  const shown = vendor.shown(headers, url.searchParams);
  const account = flow ? accountOfToken(source, shown, Date.now()) : accountOf(source, shown);
  if (account === undefined) return said(401, 'not authorised');
  const left = leftOf(source, account);
  const limits = limitHeaders(vendor.source, left);
  if (left < 0) return { ...said(429, 'too many calls'), headers: { 'retry-after': '1', ...limits } };
  return { ...given(vendor, account, path, url), headers: limits };
}

/** What an account that has proved itself is given. */
function given(vendor: StandInVendor, account: string, path: string, url: URL): Answer {
  const { source: { name }, list, keys, answer: cut = (text: string) => text } = vendor;
  if (keys?.test(path)) return published(vendor.source);
  const prefix = `${name}/${account}/`;
  if (list?.path.test(path)) return listed(list, prefix, url.searchParams);
  const id = idAsked(vendor, path + url.search);
  const body = id === undefined ? undefined : store.serve(`${prefix}${id}`);
  return body === undefined ? said(404, 'not found') : { status: 200, body: cut(body, path + url.search) };
}

const server = createServer((request, response) => {
  answer(request).then(
    ({ status, body, headers }) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body),
    (error: unknown) => response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: String(error) })),
  );
});
server.listen(Number(values.port), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`vendor stand-in: http://127.0.0.1:${port}\n`);
  process.send?.({ ready: true, port });
});
const stop = (): void => {
  server.closeAllConnections();
  server.close(() => process.exit(0));
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('disconnect', stop);
