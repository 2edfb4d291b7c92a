import { createHash, createHmac } from 'node:crypto';
import { readJson } from '../convert/index.ts';
import type { Challenge, SourceDefinition } from '../sources/definition.ts';
import { keyOf } from '../verify/keys.ts';
import type { Delivery } from './delivery.ts';
import type { Answer } from './refusals.ts';

/** Words of senders are random texts; what could be markup or a header of its own is no challenge. */
const word = /^[\w.~+/=:,|@ -]{1,1024}$/;

/** What is signed for whoever asks must be nothing that could be taken for a message: base64 of XML is no such word. */
const harmless = /^[a-f0-9]{20,32}$/;

function asked({ from }: Challenge, { url, headers, body }: Delivery): string | undefined {
  if ('query' in from) return new URL(url).searchParams.get(from.query) ?? undefined;
  if ('header' in from) return headers[from.header];
  if ('form' in from) {
    if (body.byteLength > 256) return undefined;
    const fields = [...new URLSearchParams(Buffer.from(body).toString('utf8'))];
    return fields.length === 1 && fields[0]?.[0] === from.form ? fields[0][1] : undefined;
  }
  // cheap for the deliveries that are none
  if (!Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes(`"${from.field}"`)) return undefined;
  try {
    const payload = readJson(body);
    if (typeof payload !== 'object' || payload === null || !Object.hasOwn(payload, from.field)) return undefined;
    const value = (payload as Record<string, unknown>)[from.field];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined; // unreadable: `take` says what is wrong with it
  }
}

/** Whether the answer needs the account's secret. */
export const asksForSecret = ({ challenge }: SourceDefinition, { method }: Delivery): boolean =>
  challenge !== undefined && challenge.method === method && (challenge.echo === 'signed' || (typeof challenge.echo === 'object' && 'digest' in challenge.echo));

/** The address as its owner has told it to the sender: without what the sender adds. */
const bare = (url: string): string => url.split('?', 1)[0] ?? url;

/**
 * The answer by which an address proves that it is ours: the sender's word given back, as the source's `challenge` says.
 * Nothing is stored, and no signature is needed: whoever asks learns only what he said, or a digest of it.
 * @param secret the account's, where the answer is a digest (https://developer.ebay.com/marketplace-account-deletion)
 * @returns undefined when the request asks nothing
 */
export function challengeAnswer({ challenge, verify }: SourceDefinition, delivery: Delivery, secret?: string): Answer | undefined {
  if (!challenge || challenge.method !== delivery.method) return undefined;
  const given = asked(challenge, delivery);
  if (given === undefined || !word.test(given)) return undefined;
  const { echo } = challenge;
  const inert = { 'x-content-type-options': 'nosniff' };
  if (echo === 'plain') return { status: 200, headers: { ...inert, 'content-type': 'text/plain; charset=utf-8' }, body: given };
  if (echo === 'signed') {
    if (typeof verify !== 'object' || !('algorithm' in verify) || !harmless.test(given)) return undefined;
    const key = keyOf(secret ?? '', verify);
    if (!key) return undefined;
    const digest = createHmac(verify.algorithm, key.object).update(given).digest(verify.encoding);
    return { status: 200, headers: { ...inert, 'content-type': 'text/plain; charset=utf-8' }, body: `${key.label}|${digest}` };
  }
  if (echo === 'nothing') return { status: 200, headers: inert, body: '' };
  if ('header' in echo) return { status: 200, headers: { ...inert, [echo.header]: given }, body: '' };
  const said = 'digest' in echo ? createHash(echo.digest).update(given).update(secret ?? '').update(bare(delivery.url)).digest('hex') : given;
  return { status: 200, headers: { ...inert, 'content-type': 'application/json' }, body: JSON.stringify({ [echo.field]: said }) };
}
