import * as z from 'zod/mini';
import { decimalOf, formatMoney, oneLine, safeLink } from './format.ts';
import { mailDataByKind, mailKinds, type MailData, type MailKind } from './mail-data.ts';
import { renderMail } from './render-mail.ts';

const about = { shop: 'Acme', orderNumber: '1001', customerName: 'Ada' };
const lines = [{ name: 'Teapot', quantity: 2, total: 3998 }];
const samples: { [K in MailKind]: MailData<K> } = {
  'order-confirmed': { ...about, placedAt: '2026-11-22T09:30:00Z', currency: 'EUR', lines, discount: 100, shipping: 499, total: 4397 },
  'payment-failed': { ...about, currency: 'JPY', total: 5800 },
  'order-cancelled': { ...about, currency: 'EUR', total: 4397, reason: 'out of stock' },
  shipped: { ...about, tracking: { carrier: 'DHL', number: 'JJD01', url: 'https://track.example/JJD01' }, promisedAt: '2026-11-25T00:00:00Z' },
  'out-for-delivery': { ...about },
  delivered: { ...about, deliveredAt: '2026-11-25T10:00:00Z', returnByDays: 30 },
  'return-received': { ...about, returnId: 'R1', lines },
  'return-under-review': { ...about, returnId: 'R1' },
  'return-approved': { ...about, returnId: 'R1', currency: 'KWD', amount: 1234, fee: 100 },
  'return-partial': { ...about, returnId: 'R1', currency: 'EUR', amount: 1000, requested: 2000, reason: 'one item was used' },
  'return-rejected': { ...about, returnId: 'R1', reason: 'the return window of 30 days has ended' },
};

describe.each(mailKinds)('%s', (kind) => {
  const render = (data: object) => renderMail(kind, data as never);

  it('has a subject, a text and HTML that say the order number and greet', () => {
    expect(z.safeParse(mailDataByKind[kind], samples[kind]).success).toBe(true);
    const mail = render(samples[kind]);
    expect(mail.subject).toContain('1001');
    expect(mail.text).toContain('Hello Ada,');
    expect(mail.html).toContain('Hello Ada,');
    expect(mail.text + mail.html).not.toMatch(/undefined|NaN|\[object/);
  });

  it('escapes markup and breaks no header', () => {
    const evil = '<script>alert(1)</script>\r\nBcc: all@example.com';
    const data = { ...samples[kind], shop: evil, customerName: evil, orderNumber: evil, reason: evil, instructions: evil };
    const mail = render(data);
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.html).not.toContain('<script');
    expect(mail.text).not.toContain('\r');
    expect(mail.text).not.toMatch(/^Bcc:/m);
  });
});

it('says line by line what is not taken back, and why', () => {
  const leftOut = [{ name: 'Cheese <old>', quantity: 2, reason: 'goods of this kind cannot be taken back' }];
  const mail = renderMail('return-partial', { ...samples['return-partial'], leftOut, instructions: 'Send it to P.O. box 1, Cork.' });
  expect(mail.text).toContain('We cannot take back 2 × Cheese <old>: goods of this kind cannot be taken back.');
  expect(mail.text).not.toContain('one item was used');
  expect(mail.html).toContain('Cheese &lt;old&gt;');
  expect(mail.text).toContain('Send it to P.O. box 1, Cork.');
});

it('greets without a name where there is none', () => {
  const { customerName: _, ...nameless } = samples.delivered;
  expect(renderMail('delivered', nameless).text).toContain('Hello,');
});

it('links only to the web', () => {
  const mail = renderMail('shipped', { ...about, tracking: { url: 'javascript:alert(1)' } });
  expect(mail.html).not.toContain('javascript');
  expect(safeLink('https://a.example/?q="x"')).toBe('https://a.example/?q=%22x%22');
});

it('counts lines instead of listing a thousand', () => {
  const many = Array.from({ length: 1000 }, (_, at) => ({ name: `Item ${at}`, quantity: 1, total: 1 }));
  const mail = renderMail('order-confirmed', { ...samples['order-confirmed'], lines: many });
  expect(mail.text).toContain('and 960 more lines');
  expect(mail.html.length).toBeLessThan(30_000);
});

it.each([
  [5800, 'JPY', '¥5,800'], [1234, 'KWD', 'KWD 1.234'], [-5, 'EUR', '-€0.05'], [1999, 'USD', '$19.99'],
  [9007199254740991, 'EUR', '€90,071,992,547,409.91'],
])('writes %d %s as %s', (minor, currency, text) => {
  expect(formatMoney(minor, currency)).toBe(text);
});

it('writes money in the locale and survives an unknown one', () => {
  expect(formatMoney(123456, 'EUR', 'de-DE')).toBe('1.234,56 €');
  expect(formatMoney(123456, 'EUR', 'no such locale')).toBe('€1,234.56');
  expect(decimalOf(-7, 3)).toBe('-0.007');
});

it('takes the marks that turn text around out of a line', () => {
  expect(oneLine('a\u202Eb\u200Bc\u2028d')).toBe('a b c d');
  expect([...oneLine('😀'.repeat(300))]).toHaveLength(200);
});
