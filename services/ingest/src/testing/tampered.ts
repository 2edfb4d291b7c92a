import type { Delivery } from '../intake/delivery.ts';
import { findSource } from '../sources/registry.ts';
import { valueAt, type Path } from '../sources/place.ts';
import type { Signature } from '../verify/index.ts';

/** The objects of a body in which a scheme looks up what it signs. */
const signedObjects = ({ each }: Signature, body: unknown): readonly Record<string, unknown>[] =>
  each === undefined
    ? [body as Record<string, unknown>]
    : (valueAt(body, each.list) as readonly unknown[]).map((entry) => (each.item === undefined ? entry : valueAt(entry, each.item)) as Record<string, unknown>);

/** Puts `value` where a path leads, as far as there is something on the way. */
function replace(target: unknown, path: Path, value: string): void {
  const names = path.split('.');
  const last = names.pop() as string;
  const holder = names.length === 0 ? target : valueAt(target, names.join('.'));
  if (typeof holder === 'object' && holder !== null) (holder as Record<string, unknown>)[last] = value;
}

const changed = (delivery: Delivery, scheme: Signature, path: Path, value: string): Delivery => {
  const body: unknown = JSON.parse(Buffer.from(delivery.body).toString('utf8'));
  const last = signedObjects(scheme, body).at(-1);
  replace(last, path, value);
  return { ...delivery, body: Buffer.from(JSON.stringify(body)) };
};

/** The JSON body with nothing at a path. */
function without(text: Uint8Array, path: Path): Uint8Array {
  const body: unknown = JSON.parse(Buffer.from(text).toString('utf8'));
  replace(body, path, '');
  return Buffer.from(JSON.stringify(body));
}

/** A form with a field changed. */
function formChanged(delivery: Delivery, field: string): Delivery {
  const fields = new URLSearchParams(Buffer.from(delivery.body).toString('utf8'));
  fields.set(field, `${fields.get(field) ?? ''}A`);
  return { ...delivery, body: Buffer.from(fields.toString()) };
}

/** Deliveries that differ from a genuine one in what its source signs, and in nothing else; none where it signs nothing of the body. */
export function tampered(genuine: Delivery): readonly Delivery[] {
  const scheme = findSource(genuine.source)?.verify;
  if (scheme === undefined || scheme === 'not-http') return [];
  if ('jws' in scheme) return [{ ...genuine, body: Buffer.from(Buffer.from(genuine.body).toString().replace(/\../, '.f')) }];
  if ('shared' in scheme || 'unsigned' in scheme) return [];
  if ('anyOf' in scheme || 'detached' in scheme) return [{ ...genuine, body: Buffer.concat([genuine.body, Buffer.from(' ')]) }];
  const ofBody = scheme.message.some((part) => part === 'body' || (typeof part === 'object' && 'digestOfBody' in part));
  if (ofBody) return [{ ...genuine, body: Buffer.concat([genuine.body, Buffer.from(' ')]) }];
  return scheme.message.flatMap((part) => {
    if (typeof part !== 'object') return [];
    return 'json' in part ? [changed(genuine, scheme, part.json, 'another')] : 'form' in part ? [formChanged(genuine, part.form)] : [];
  });
}

/** The delivery as nobody signed it. `headers`: those that it has otherwise. */
export function unsigned(genuine: Delivery, headers: Readonly<Record<string, string>>): Delivery {
  const scheme = findSource(genuine.source)?.verify;
  const bare = { ...genuine, headers };
  if (typeof scheme === 'object' && 'jws' in scheme) return { ...bare, body: Buffer.from(Buffer.from(genuine.body).toString().split('.')[1] ?? '', 'base64url') };
  if (scheme === undefined || scheme === 'not-http') return bare;
  const shared = 'shared' in scheme ? scheme.shared : undefined;
  if (typeof shared === 'object' && 'json' in shared) return { ...bare, body: without(bare.body, shared.json) };
  if (!('message' in scheme) || typeof scheme.header === 'string' || Array.isArray(scheme.header)) return bare;
  const { header } = scheme as { readonly header: { readonly json: string } | { readonly form: string } };
  if ('json' in header) return changed(bare, scheme, header.json, '');
  const fields = new URLSearchParams(Buffer.from(bare.body).toString('utf8'));
  fields.delete(header.form);
  return { ...bare, body: Buffer.from(fields.toString()) };
}
