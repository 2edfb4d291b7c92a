const FORM_TYPE = 'application/x-www-form-urlencoded';
const parsed = new WeakMap<Buffer, Readonly<Record<string, unknown>>>();

/** A JSON body, parsed once however many ask. @throws SyntaxError */
export function jsonOf(body: Buffer): Readonly<Record<string, unknown>> {
  const known = parsed.get(body);
  if (known) return known;
  const read = body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Record<string, unknown>);
  parsed.set(body, read);
  return read;
}

/** What a call was given: its JSON body, or the fields of its query-protocol body; empty for anything else (an object, CBOR). */
export function inputOf(contentType: string | undefined, body: Buffer): Readonly<Record<string, unknown>> {
  if (contentType?.startsWith(FORM_TYPE)) return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  if (!contentType?.includes('json')) return {};
  try {
    return jsonOf(body);
  } catch {
    return {}; // the service itself says what is wrong with it
  }
}
