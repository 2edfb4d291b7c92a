import { oneLine } from './format.ts';
import { contents, type MailContent } from './mail-content.ts';
import type { MailData, MailKind } from './mail-data.ts';
import { htmlOf, textOf } from './mail-layout.ts';

/** An e-mail ready to be sent. `subject` is one line of at most 200 characters. */
export interface Mail {
  readonly kind: MailKind;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Every text on one line of its own, so that nobody's name can draw a table or turn the reading direction. */
const flat = <T>(value: T): T => {
  if (typeof value === 'string') return oneLine(value, 1000) as T;
  if (Array.isArray(value)) return value.map(flat) as T;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, flat(member)])) as T;
  return value;
};

/**
 * Writes the e-mail of one kind. Customers' text may hold anything: it is escaped in HTML and can break no header.
 * @example renderMail('payment-failed', { shop: 'Acme', orderNumber: '1001', currency: 'EUR', total: 1999 })
 */
export function renderMail<K extends MailKind>(kind: K, data: MailData<K>): Mail {
  const clean = flat(data);
  const content = (contents[kind] as (data: MailData<K>) => MailContent)(clean);
  const name = clean.customerName;
  const frame = { shop: clean.shop, greeting: name === undefined || name === '' ? 'Hello,' : `Hello ${oneLine(name, 80)},` };
  return { kind, subject: oneLine(content.subject), text: textOf(content, frame), html: htmlOf(content, frame) };
}
