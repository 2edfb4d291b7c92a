import { wordIn } from '../sources/place.ts';
import { formField, type Subject } from './message.ts';
import type { Signature } from './scheme.ts';

/** A signature as it is written, and whose it claims to be where that stands beside it. */
export interface Written {
  readonly text: string;
  readonly label?: string;
}

/** Every text that may hold signatures. @throws Unreadable */
export function textsOf({ header }: Signature, { request, json }: Subject): readonly string[] {
  const texts = typeof header === 'string' ? [request.headers[header]]
    : 'json' in header ? [wordIn(json(), header.json)]
    : 'form' in header ? [formField(request, header.form)]
    : header.map((name) => request.headers[name]);
  return texts.filter((text): text is string => text !== undefined && text !== '');
}

/** The text under a name of base64 JSON (eBay: `x-ebay-signature`). */
function inside(text: string, field: string): readonly Written[] {
  try {
    const value = wordIn(JSON.parse(Buffer.from(text, 'base64').toString('utf8')), field);
    return value === undefined ? [] : [{ text: value }];
  } catch {
    return [];
  }
}

/** Signatures in a text and, where it stands beside them, the time that it names. */
export function parse(text: string, { parser }: Signature): { readonly found: readonly Written[]; readonly timestamp?: string | undefined } {
  if (parser.form === 'plain') {
    const word = text.trim();
    const prefix = parser.prefix ?? '';
    return { found: word.startsWith(prefix) ? [{ text: word.slice(prefix.length) }] : [] };
  }
  if (parser.form === 'inside') return { found: inside(text, parser.field) };
  const words = text.split(parser.separator).map((word) => word.trim());
  const after = (prefix: string): readonly Written[] => words.filter((word) => word.startsWith(prefix)).map((word) => ({ text: word.slice(prefix.length) }));
  switch (parser.form) {
    case 'timeFirst':
      return { found: words.slice(1).map((word) => ({ text: word })), timestamp: words[0] };
    case 'list':
      return { found: after(parser.prefix) };
    case 'labelled':
      return { found: words.flatMap((word) => {
        const at = word.indexOf(parser.mark);
        return at < 0 ? [] : [{ label: word.slice(0, at), text: word.slice(at + parser.mark.length) }];
      }) };
    case 'pairs':
      return { found: after(`${parser.signature}=`), timestamp: parser.timestamp === undefined ? undefined : after(`${parser.timestamp}=`)[0]?.text };
  }
}
