import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Figures } from './figures.ts';
import type { Status } from './summary.ts';

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const rowsOf = (status: Status): string =>
  Object.entries(status.figures).map(([name, value]: [string, number | undefined]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value === undefined ? '…' : value.toLocaleString('en'))}</td></tr>`).join('\n');

/** The whole page; it asks for itself again every two seconds, without any script. */
export const statusPage = (status: Status): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta http-equiv="refresh" content="2"><meta name="viewport" content="width=device-width"><title>Orderflow</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }
table { border-collapse: collapse; width: 100% } th { text-align: left; font-weight: normal } td { text-align: right; font-variant-numeric: tabular-nums }
th, td { padding: .3rem 0; border-bottom: 1px solid #ddd } p.state { color: #555 }
</style></head>
<body>
<h1>Orderflow</h1>
<p class="state">${escaped(status.state)}</p>
<table>${rowsOf(status)}</table>
<p>${Object.entries(status.links).map(([name, address]) => `${escaped(name)}: <a href="${escaped(address)}">${escaped(address)}</a>`).join('<br>')}</p>
</body></html>
`;

async function figuresInto(response: ServerResponse, request: IncomingMessage, figures: Figures): Promise<void> {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const known = request.headers['if-none-match'];
  try {
    const { statusCode, headers, body } = await figures(path, query, known === undefined ? {} : { 'if-none-match': known });
    response.writeHead(statusCode, { ...headers, 'x-content-type-options': 'nosniff' }).end(request.method === 'HEAD' ? undefined : body);
  } catch (error) {
    response.writeHead(502, { 'content-type': 'text/plain' }).end(`the insights cannot be asked: ${(error as Error).message}\n`);
  }
}

/** Serves the status page and, for programs, `/api/status`; everything else below `/api/` is asked of the insights. */
export async function servePage(port: number, status: () => Status, figures: Figures): Promise<{ close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (reading && path.startsWith('/api/') && path !== '/api/status') return void figuresInto(response, request, figures);
    const known = path === '/' || path === '/api/status';
    if (!known || !reading) {
      response.writeHead(known ? 405 : 404, { 'content-type': 'text/plain' }).end(known ? 'only GET\n' : 'there is /, /api/status and, of the insights, /api/openapi.json and what it names\n');
      return;
    }
    const json = path === '/api/status';
    response.writeHead(200, {
      'content-type': json ? 'application/json' : 'text/html; charset=utf-8', 'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'", 'x-content-type-options': 'nosniff',
    });
    response.end(json ? JSON.stringify(status()) : statusPage(status()));
  });
  await new Promise<void>((done, fail) => server.once('error', fail).listen(port, '127.0.0.1', done));
  return {
    close: () => new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    }),
  };
}
