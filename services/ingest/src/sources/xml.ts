import { XMLParser } from 'fast-xml-parser';
import { Unreadable } from '../convert/index.ts';

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, parseAttributeValue: false, trimValues: true });

/** An element without its attributes; `type="array"` is a list of what is in it, `nil="true"` is null (Rails' way of writing XML). */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const element = value as Readonly<Record<string, unknown>>;
  if (element['@nil'] === 'true') return null;
  const children = Object.entries(element).filter(([name]) => !name.startsWith('@') && !name.startsWith('?'));
  if (element['@type'] === 'array') return children.flatMap(([name, child]) => (name === '#text' ? [] : Array.isArray(child) ? child.map(plain) : [plain(child)]));
  if (children.length === 1 && children[0]?.[0] === '#text') return children[0][1];
  // an element that has attributes and nothing in it
  if (children.length === 0 && Object.keys(element).length > 0) return '';
  return Object.fromEntries(children.map(([name, child]) => [name, plain(child)]));
}

/**
 * An XML document as an object: element names as they stand, what repeats as a list, every word as text. Documents that
 * declare entities of their own are refused.
 * @throws Unreadable
 */
export function xmlObject(text: string, path: string): unknown {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new Unreadable('xml', path, 'must not declare entities');
  try {
    const value: unknown = plain(parser.parse(text));
    if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) throw new Unreadable('xml', path, 'must be an XML document');
    return value;
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable('xml', path, 'is not XML that can be read');
  }
}
