import { createHash } from 'node:crypto';
import type { Place, SourceDefinition } from '../../services/ingest/src/sources/definition.ts';
import { xmlObject } from '../../services/ingest/src/sources/xml.ts';
import { idOf } from '../start/scan/event-id.ts';

/** A message as far as its identity goes; header names in lower case. */
interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const at = (value: unknown, path: string): unknown =>
  path === '' ? value : path.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null | undefined)?.[name], value);

function wordAt(place: Place, { headers }: Sent, whole: () => unknown, item: unknown): string {
  if ('header' in place) return headers[place.header] ?? '';
  const [from, paths] = 'outer' in place ? [whole(), [place.outer]] : [item, [place.field].flat()];
  for (const path of paths) {
    const found = at(from, path);
    if ((typeof found === 'string' && found !== '') || typeof found === 'number' || typeof found === 'boolean') return String(found);
  }
  return '';
}

function wholeOf({ unwrap = [] }: SourceDefinition, { body }: Sent): unknown {
  const [start] = unwrap;
  const form = new URLSearchParams(body);
  if (start && 'xml' in start) return xmlObject(Buffer.from(form.get(start.xml) ?? '', 'base64').toString('utf8'), '$');
  if (start && 'fields' in start && !body.startsWith('{')) return Object.fromEntries(form);
  return JSON.parse(start && 'form' in start ? form.get(start.form) ?? '' : body);
}

function itemsOf({ unwrap = [] }: SourceDefinition, whole: unknown): readonly unknown[] {
  return unwrap.reduce<readonly unknown[]>((items, rule) => items.flatMap((item): readonly unknown[] => {
    if ('form' in rule || 'jws' in rule || 'fields' in rule || 'xml' in rule) return [item];
    if ('text' in rule && rule.optional && at(item, rule.text) === undefined) return [item];
    if ('text' in rule) return [JSON.parse(Buffer.from(String(at(item, rule.text)), rule.as === 'json' ? 'utf8' : 'base64').toString('utf8'))];
    const found = at(item, 'inside' in rule ? rule.inside : rule.each);
    if ('inside' in rule) return [found ?? (rule.optional ? item : undefined)];
    return Array.isArray(found) ? (found as unknown[]) : [item];
  }), [whole]);
}

/** The vendor's id of a delivery, as its definition says where it stands; else the hash of what is sent. */
export function deliveryOf(source: SourceDefinition, sent: Sent): string {
  const whole = () => wholeOf(source, sent);
  for (const place of source.delivery) {
    const word = wordAt(place, sent, whole, 'field' in place ? whole() : undefined);
    if (word !== '') return word;
  }
  return createHash('sha256').update(sent.body).digest('hex');
}

/**
 * Ids of the `events` events of a delivery, from the places that its source's definition names for identity; looked up by
 * the sender's own few lines.
 */
export function eventIdsOf(source: SourceDefinition, account: string, sent: Sent, events: number): readonly string[] {
  const all = Array.from({ length: events }, (_, n) => n);
  const { item: places } = source;
  const whole = places && wholeOf(source, sent);
  const items = places ? itemsOf(source, whole) : [];
  if (places && items.length !== 1 && items.length !== events) throw new Error(`${source.name}: which of ${items.length} items its ${events} events are in cannot be told`);
  return all.map((n) => {
    const item = items.length === 1 ? items[0] : items[n];
    const words = places?.map((place) => wordAt(place, sent, () => whole, item)) ?? [];
    if (words.every((word) => word === '')) return idOf(source.name, account, deliveryOf(source, sent), n);
    return idOf(source.name, account, JSON.stringify(words), items.length === 1 ? n : 0);
  });
}
