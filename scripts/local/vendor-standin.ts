/**
 * The APIs of vendors for one machine: `node scripts/local/vendor-standin.ts [--port P] [--data-dir DIR]`. Each vendor
 * (vendors.ts) answers below `/<source>`: one item, or a list by time of change, page by page; it wants its credential and
 * a User-Agent. What it holds is set by `PUT /control/items/<source>/<account>/<id>?version=N` (the item's text), how it
 * behaves by `PUT /control/behaviour/<source>` with any of `{ "delayMs": 0, "status": 500, "retryAfter": 60, "after": 1, "times": 3 }`:
 * after so many good answers the next `times` calls (all, without it) are answered with `status`; `{}` ends that. `GET /control/served` tells what was
 * handed out. Kept in DIR/vendors.ndjson. Tells its parent `{ ready: true, port }` over IPC.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { VendorStore } from './vendor-store.ts';
import { credentialOf, standInVendors, type StandInVendor } from './vendors.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, 'data-dir': { type: 'string' } } });
const store = new VendorStore(values['data-dir'] === undefined ? undefined : join(values['data-dir'], 'vendors.ndjson'));

interface Behaviour {
  readonly delayMs?: number;
  readonly status?: number;
  readonly retryAfter?: number;
  /** So many calls are answered rightly first. */
  after?: number;
  times?: number;
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

/** A page by time of change, or what its cursor names; never both. */
function listed(list: NonNullable<StandInVendor['list']>, prefix: string, query: URLSearchParams): Answer {
  const cursor = query.get(list.cursor);
  const window = [query.get(list.from), query.get(list.to)];
  if (cursor !== null && window.some((end) => end !== null)) return said(400, 'either a cursor or a date range');
  if ((window[0] === null) !== (window[1] === null)) return said(400, 'a date range has two ends');
  const [from, to, offset] = cursor === null ? [window[0] ?? '', window[1] ?? '9', 0] : (JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string, number]);
  const found = store.below(prefix)
    .map(([key, body]) => ({ key, at: list.modified(JSON.parse(body) as Record<string, unknown>) }))
    .filter(({ at }) => at > from && at < to)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.key < b.key ? -1 : 1));
  const page = found.slice(offset, offset + list.pageSize);
  const next = offset + page.length < found.length ? Buffer.from(JSON.stringify([from, to, offset + page.length])).toString('base64url') : undefined;
  return { status: 200, body: list.page(page.map(({ key }) => store.serve(key) ?? ''), next) };
}

async function answer(request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const [, source = ''] = url.pathname.split('/');
  if (source === 'control') return control(request, url);
  const vendor = Object.hasOwn(standInVendors, source) ? standInVendors[source] : undefined;
  if (!vendor || request.method !== 'GET') return said(404, 'no such vendor');
  const wrong = await misbehaviour(source);
  if (wrong) return wrong;
  if (vendor.wantsUserAgent && !request.headers['user-agent']) return said(400, 'a User-Agent is needed');
  const credential = vendor.credentialIn(request.headers, url.searchParams);
  const account = credential === credentialOf(source, 'default') ? 'default' : new RegExp(`^local-${source}-(.+)-api$`).exec(credential ?? '')?.[1];
  if (account === undefined) return said(401, 'not authorised');
  const path = url.pathname.slice(source.length + 1);
  if (vendor.list && path === vendor.list.path) return listed(vendor.list, `${source}/${account}/`, url.searchParams);
  const id = (vendor.item.exec(path) ?? vendor.item.exec(path + url.search))?.[1];
  const body = id === undefined ? undefined : store.serve(`${source}/${account}/${decodeURIComponent(id)}`);
  return body === undefined ? said(404, 'not found') : { status: 200, body };
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
