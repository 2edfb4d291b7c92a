import { xmlText } from '../errors.ts';

/**
 * Requests and answers of the AWS query protocol, from and to plain documents.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export type Document = Record<string, unknown>;

// without a prototype: field names come from outside
const node = (): Document => Object.create(null) as Document;

/** Nested form fields as a tree: `a.1.b` is `{ a: { 1: { b } } }`. Nothing is interpreted yet. */
export function formTree(body: string): Document {
  const tree = node();
  for (const [path, value] of new URLSearchParams(body)) {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    let at = tree;
    for (const part of parts) {
      const next: unknown = Object.hasOwn(at, part) ? at[part] : undefined;
      at = typeof next === 'object' && next !== null ? (next as Document) : ((at[part] = node()));
    }
    at[last] = value;
  }
  return tree;
}

const isNode = (value: unknown): value is Document => typeof value === 'object' && value !== null;

/** The numbered children of a node, in order. */
export function numbered(node: unknown): unknown[] {
  if (!isNode(node)) return [];
  return Object.keys(node).filter((key) => /^\d+$/.test(key)).sort((a, b) => Number(a) - Number(b)).map((key) => node[key]);
}

/** Numbered children as a map: each has its key and its value under these names. */
export function mapOf(node: unknown, key: string, value: string): Document {
  return Object.fromEntries(numbered(node).filter(isNode).map((entry) => [String(entry[key]), entry[value]]));
}

/** `<tag>…</tag>` for a text, a number, a list (one element each) or a document. */
export function element(tag: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((one) => element(tag, one)).join('');
  if (!isNode(value)) return `<${tag}>${xmlText(typeof value === 'string' ? value : JSON.stringify(value))}</${tag}>`;
  return `<${tag}>${Object.entries(value).map(([name, inner]) => element(name, inner)).join('')}</${tag}>`;
}

/** The answer of an operation. */
export function queryAnswer(namespace: string, operation: string, result: Document, requestId: string): string {
  const content = Object.entries(result).map(([name, value]) => element(name, value)).join('');
  return `<?xml version="1.0"?><${operation}Response xmlns="${namespace}"><${operation}Result>${content}</${operation}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`;
}

export function queryFault(namespace: string, sender: boolean, code: string, message: string, requestId: string): string {
  return `<?xml version="1.0"?><ErrorResponse xmlns="${namespace}"><Error><Type>${sender ? 'Sender' : 'Receiver'}</Type><Code>${xmlText(code)}</Code><Message>${xmlText(message)}</Message><Detail/></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}
