import { findSource } from '../sources/registry.ts';
import type { Part } from '../verify/index.ts';
import type { Delivery } from './delivery.ts';

const named = (place: object | string): readonly string[] =>
  typeof place === 'object' && 'header' in place && typeof place.header === 'string' ? [place.header] : [];

/**
 * The headers that a delivery needs to be read again: those in which its source's definition puts topic and delivery id
 * and those that it signs. Signatures, cookies and authorisations are kept nowhere.
 */
export function keptHeaders({ source: name, headers }: Delivery): Record<string, string> {
  const source = findSource(name);
  if (!source) return {};
  const signed: readonly Part[] = source.verify !== 'not-http' && 'message' in source.verify ? source.verify.message : [];
  const wanted = new Set(['content-type', ...(source.reads ?? []), ...[source.topic, source.delivery, source.item ?? [], signed].flat().flatMap(named)]);
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined && wanted.has(entry[0])),
  );
}
