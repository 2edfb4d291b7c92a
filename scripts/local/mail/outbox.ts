import http from 'node:http';
import { xmlText } from '../errors.ts';
import { listen } from '../listen.ts';
import type { KeptMessage, MailStore } from './store.ts';

const SHOWN = 200;
const page = (title: string, body: string): string => `<!doctype html><html lang="en"><meta charset="utf-8"><title>${xmlText(title)}</title>
<style>body{font:16px/1.5 system-ui;max-width:70rem;margin:2rem auto;padding:0 1rem}td,th{text-align:left;padding:.2rem 1rem .2rem 0}iframe{width:100%;height:70vh;border:1px solid #ccc}pre{white-space:pre-wrap}</style>
<h1>${xmlText(title)}</h1>${body}</html>`;
const time = (message: KeptMessage): string => new Date(message.at).toISOString();

function list(store: MailStore): string {
  const messages = store.messages(SHOWN).reverse();
  const rows = messages.map((one) => `<tr><td>${time(one)}</td><td>${xmlText(one.to.join(', '))}</td><td><a href="/message/${encodeURIComponent(one.id)}">${xmlText(one.subject) || '(no subject)'}</a></td></tr>`);
  return page('Mail outbox', `<p>${store.count()} messages would have been sent${store.count() > SHOWN ? `; the latest ${SHOWN}:` : '.'} As JSON: <a href="/store">/store</a></p>
<table><tr><th>Time</th><th>To</th><th>Subject</th></tr>${rows.join('')}</table>`);
}

function show(message: KeptMessage): string {
  const line = (name: string, value: readonly string[] | undefined): string => (value?.length ? `<tr><th>${name}</th><td>${xmlText(value.join(', '))}</td></tr>` : '');
  return page(message.subject, `<p><a href="/">All messages</a></p><table>${line('From', [message.from])}${line('To', message.to)}${line('Cc', message.cc)}${line('Bcc', message.bcc)}${line('Reply to', message.replyTo)}${line('Time', [time(message)])}${line('By', [message.via])}</table>
${message.html === undefined ? '' : `<h2>HTML</h2><iframe sandbox title="HTML part" srcdoc="${xmlText(message.html)}"></iframe>`}${message.text === undefined ? '' : `<h2>Text</h2><pre>${xmlText(message.text)}</pre>`}`);
}

/** As aws-ses-v2-local shapes it: one object a message. */
const asJson = (one: KeptMessage): object => ({
  messageId: one.id, from: one.from, replyTo: one.replyTo ?? [], destination: { to: one.to, cc: one.cc ?? [], bcc: one.bcc ?? [] },
  subject: one.subject, body: { text: one.text, html: one.html }, headers: one.headers ?? {}, via: one.via, at: Math.floor(one.at / 1000),
});

/** Serves the outbox: `/` for people, `/message/<id>`, and `/store` as JSON (`?last=N` for the newest only). */
export async function startOutbox(store: MailStore, port: number, host: string): Promise<{ port: number; close(): Promise<void> }> {
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://outbox');
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'" });
      response.end(body);
    };
    const id = /^\/message\/(.+)$/.exec(url.pathname)?.[1];
    const message = id === undefined ? undefined : store.message(decodeURIComponent(id));
    const last = url.searchParams.get('last');
    if (url.pathname === '/store') send(200, 'application/json', JSON.stringify({ count: store.count(), emails: store.messages(last === null ? undefined : Number(last)).map(asJson) }));
    else if (url.pathname === '/') send(200, 'text/html', list(store));
    else if (message) send(200, 'text/html', show(message));
    else send(404, 'text/plain', 'no such page; there are / and /store\n');
  });
  const taken = await listen(server, port, host);
  return {
    port: taken,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
