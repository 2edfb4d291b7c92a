import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { servePage, statusPage } from './page.ts';
import { plainDisplay, summaryLine, type Status } from './summary.ts';

const status: Status = {
  state: 'sending <script>alert(1)</script>',
  figures: { accepted: 1200, 'in flight': 5, loaded: 1190, parked: 3, quarantined: 2, 'e-mails': 800, 'staff notices': 700, errors: undefined },
  links: { mail: 'http://127.0.0.1:8005/' },
};

const freePort = async (): Promise<number> => {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
};

describe('status', () => {
  it('is one page that refreshes itself, with nothing in it that could run', () => {
    const page = statusPage(status);
    expect(page).toContain('http-equiv="refresh"');
    expect(page).toContain('1,200');
    expect(page).not.toContain('<script>');
  });

  it('is served as a page and as JSON', async () => {
    const port = await freePort();
    const page = await servePage(port, () => status, async (path, query, headers) => ({ statusCode: headers['if-none-match'] === '"1"' ? 304 : 200, headers: { etag: '"1"' }, body: `${path} ${query}` }));
    try {
      expect(await (await fetch(`http://127.0.0.1:${port}/api/status`)).json()).toMatchObject({ figures: { accepted: 1200 } });
      expect((await fetch(`http://127.0.0.1:${port}/`)).headers.get('content-type')).toContain('text/html');
      expect((await fetch(`http://127.0.0.1:${port}/other`)).status).toBe(404);
      expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST' })).status).toBe(405);
      expect(await (await fetch(`http://127.0.0.1:${port}/api/kpis?period=day`)).text()).toBe('/api/kpis period=day');
      expect((await fetch(`http://127.0.0.1:${port}/api/kpis`, { headers: { 'if-none-match': '"1"' } })).status).toBe(304);
      expect((await fetch(`http://127.0.0.1:${port}/api/kpis`, { method: 'POST' })).status).toBe(404);
    } finally {
      await page.close();
    }
  });

  it('is a plain line every few seconds where there is no terminal', () => {
    let now = 10_000;
    const written: string[] = [];
    const display = plainDisplay((text) => void written.push(text), () => now, 5000);
    display.show(status, 10, 100);
    display.show(status, 11, 100);
    now += 5000;
    display.show(status, 12, 100);
    display.show(status, 13, 100);
    expect(written).toEqual([`10/100 settled · ${summaryLine(status)}\n`, `12/100 settled · ${summaryLine(status)}\n`]);
  });
});
