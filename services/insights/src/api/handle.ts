import { createHash } from 'node:crypto';
import { WarehouseFailed, WarehouseSlow, type WarehouseReader } from '@orderflow/shared/aws';
import type { Clock, Log } from '@orderflow/shared/lambda';
import * as z from 'zod/mini';
import { csvOf } from './csv.ts';
import { BadFilter } from './filters.ts';
import { openApi } from './open-api.ts';
import type { Route } from './route.ts';
import type { MessagesOf } from '../pipeline/messages.ts';

export interface Api {
  readonly routes: readonly Route[];
  readonly warehouse: WarehouseReader;
  readonly messagesOf: MessagesOf;
  /** Of the bundle: what is reckoned otherwise is another answer. */
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const texts = z.optional(z.nullable(z.record(z.string(), z.string())));
const request = z.object({ rawPath: z.string(), queryStringParameters: texts, headers: texts });

const json = { 'content-type': 'application/json; charset=utf-8' };
const problem = (statusCode: number, body: object): HttpAnswer => ({ statusCode, headers: { ...json, 'cache-control': 'no-store' }, body: JSON.stringify(body) });
const badFilter = (field: string, message: string): HttpAnswer => problem(400, { error: 'bad-filter', field, message });

/** The last refresh, and the day that it was made as of: that is today for every answer. */
const lastRefresh = "SELECT run_id, TO_CHAR(as_of, 'YYYY-MM-DD') AS as_of, TO_CHAR(finished_at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') AS finished_at FROM insight_run ORDER BY finished_at DESC LIMIT 1";
const tagOf = (...parts: readonly string[]): string => `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 27)}"`;
/** https://www.rfc-editor.org/rfc/rfc9110#name-if-none-match: one of a list; a proxy may have made it weak. */
const known = (header: string | undefined, tag: string): boolean => header !== undefined && header.split(',').some((one) => [tag, `W/${tag}`, '*'].includes(one.trim()));

function wrongFilter(error: z.core.$ZodError): HttpAnswer {
  const [issue] = error.issues;
  const field = issue?.path.map(String).join('.') || (issue && 'keys' in issue ? issue.keys.join(', ') : '');
  return badFilter(field, issue?.code === 'unrecognized_keys' ? 'is no filter of this insight' : (issue?.message ?? 'malformed'));
}

async function answerOf(route: Route, { queryStringParameters, headers }: z.output<typeof request>, { warehouse, messagesOf, version, clock }: Api): Promise<HttpAnswer> {
  const asked = z.safeParse(route.query, queryStringParameters ?? {});
  if (!asked.success) return wrongFilter(asked.error);
  const query = asked.data as Record<string, unknown>;
  const [last] = await warehouse.rows(lastRefresh);
  const today = String(last?.['as_of'] ?? new Date(clock()).toISOString().slice(0, 10));
  const refresh = route.live === true ? undefined : last;
  const refreshed = refresh === undefined ? {} : { 'last-modified': new Date(String(refresh['finished_at'])).toUTCString() };
  const given = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'if-none-match')?.[1];
  const cached = (tag: string) => ({ etag: tag, 'cache-control': 'private, max-age=60', vary: 'authorization', ...refreshed });
  const early = refresh === undefined ? undefined : tagOf(String(refresh['run_id']), version, today, route.path, JSON.stringify(query));
  if (early !== undefined && known(given, early)) return { statusCode: 304, headers: cached(early), body: '' };
  const answer = (await route.read(query, { warehouse, messagesOf, today })) as { readonly rows?: readonly object[] };
  const body = query['format'] === 'csv' ? csvOf(route.table?.(answer) ?? answer.rows ?? []) : JSON.stringify(answer);
  const tag = early ?? tagOf(body);
  if (early === undefined && known(given, tag)) return { statusCode: 304, headers: cached(tag), body: '' };
  const type = query['format'] === 'csv' ? { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${route.path.slice(1).replaceAll('/', '-')}.csv"` } : json;
  return { statusCode: 200, headers: { ...type, ...cached(tag) }, body };
}

/**
 * GET /api/…: one of the routes. 400 names the filter that is wrong, 404 says what there is, 504 what to ask for instead of
 * what took too long, 502 that the warehouse refused. `If-None-Match` costs one small statement.
 */
export async function handle(event: unknown, api: Api): Promise<HttpAnswer> {
  const asked = z.parse(request, event);
  const path = asked.rawPath.replace(/^\/api/, '').replace(/\/$/, '');
  if (path === '/openapi.json') return { statusCode: 200, headers: { ...json, 'cache-control': 'private, max-age=300' }, body: JSON.stringify(openApi(api.routes, api.version)) };
  const route = api.routes.find((one) => one.path === path);
  if (route === undefined) return problem(404, { error: 'not-found', message: `there are: ${api.routes.map((one) => `/api${one.path}`).join(', ')}, /api/openapi.json` });
  try {
    return await answerOf(route, asked, api);
  } catch (error) {
    if (error instanceof BadFilter) return badFilter(error.field, error.message);
    if (error instanceof WarehouseSlow) return problem(504, { error: 'too-slow', message: error.message, hint: 'ask for fewer days, or for one source or currency; the statement was cancelled' });
    if (error instanceof WarehouseFailed) {
      api.log.error('UNEXPECTED', { path, reason: error.message.slice(0, 200) });
      return problem(502, { error: 'warehouse', message: 'the warehouse refused the statement; it is in the log of this function' });
    }
    throw error;
  }
}
