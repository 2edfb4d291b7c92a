import * as z from 'zod/mini';
import { readEvent } from '@orderflow/shared/stream';
import { isPointed } from '@orderflow/shared/events';
import type { IntakeDeps } from '../intake/ports.ts';
import type { QuarantineStore } from '../replay/store.ts';
import { isAbout, namedIn, type Subject } from './mentions.ts';
import { readDelivery } from './read-delivery.ts';

/** The quarantine bucket, read and blanked. */
export interface QuarantineBytes extends Pick<QuarantineStore, 'entries' | 'raw'> {
  put(key: string, body: Uint8Array): Promise<void>;
}

const entry = z.looseObject({ id: z.string(), rawKey: z.string(), at: z.string() });
const intakeEntry = z.looseObject({ origin: z.literal('intake'), source: z.string(), account: z.string(), headers: z.record(z.string(), z.string()), topic: z.optional(z.string()), via: z.optional(z.enum(['fetch', 'poll'])) });

/** A stream record that a consumer could not use: an event, or a fact. */
function recordIsAbout(body: Uint8Array, subject: Subject): boolean {
  try {
    const event = readEvent(body);
    return !isPointed(event) && isAbout(namedIn(event), subject);
  } catch {
    const text = Buffer.from(body).toString('utf8');
    return [...subject.orders, ...(subject.customer === undefined ? [] : [subject.customer])].some((key) => text.includes(JSON.stringify(key)));
  }
}

/** Blanks the bytes of entries that are about them, and says so in the entry; its reason stays. @returns how many */
export async function blankQuarantine(
  subject: Subject, saysWord: (body: Uint8Array) => boolean, { accounts, quarantine }: Pick<IntakeDeps, 'accounts'> & { readonly quarantine: QuarantineBytes },
): Promise<number> {
  let blanked = 0;
  for await (const { key, entry: found } of quarantine.entries()) {
    const one = entry.safeParse(found).data;
    if (!one || one['erased'] === true) continue;
    const body = await quarantine.raw(one.rawKey);
    const intake = intakeEntry.safeParse(found).data;
    const mine = intake
      ? readDelivery({
          source: intake.source, account: intake.account, method: 'POST', url: '', headers: intake.headers, body, receivedAt: Date.parse(one.at),
          ...(intake.via !== undefined && { via: intake.via, ...(intake.topic !== undefined && { topic: intake.topic }) }),
        }, accounts).events.some((event) => isAbout(namedIn(event), subject))
      : recordIsAbout(body, subject);
    if (!mine && !saysWord(body)) continue;
    await quarantine.put(one.rawKey, new Uint8Array(body.byteLength));
    await quarantine.put(key, Buffer.from(JSON.stringify({ ...one, erased: true })));
    blanked++;
  }
  return blanked;
}
