import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { CanonicalEvent } from '@orderflow/shared/events';
import type { Invocation } from '@orderflow/shared/lambda';
import { inlineLimit } from '@orderflow/shared/stream';
import { blankBody, readArchive } from '../archive/read-archive.ts';
import type { ArchiveStore } from '../archive/store.ts';
import type { IntakeDeps } from '../intake/ports.ts';
import { isAbout, namedIn, wordFinder, type Subject } from './mentions.ts';
import { blankQuarantine, type QuarantineBytes } from './quarantine.ts';
import { readDelivery } from './read-delivery.ts';

const about = {
  customer: z.optional(z.string()), orders: z.array(z.string()), payments: z.array(z.string()), words: z.array(z.string()),
};
const day = z.string().check(z.regex(/^\d{4}\/\d{2}\/\d{2}$/));

export const eraseRawInput = z.discriminatedUnion('step', [
  /** Orders and payments of the customer that came on a day; changes nothing. */
  z.strictObject({ step: z.literal('find'), day, after: z.optional(z.string()), ...about }),
  /** Blanks the deliveries of a day that are about them. */
  z.strictObject({ step: z.literal('blank'), day, after: z.optional(z.string()), ...about }),
  /** Blanks the entries of the quarantine that are. */
  z.strictObject({ step: z.literal('quarantine'), ...about }),
]);

export interface ErasedRaw {
  /** That are about them. */
  readonly deliveries: number;
  /** Events about others in the same deliveries: blanked with them, and in the warehouse all the same. */
  readonly others: number;
  readonly orders: readonly string[];
  readonly payments: readonly string[];
  /** The object after which to go on. */
  readonly after?: string;
}

export interface EraseRaw extends Pick<IntakeDeps, 'accounts' | 'log'> {
  readonly archive: ArchiveStore;
  readonly quarantine: QuarantineBytes;
}

/** Of the invocation, below which no further object is begun. */
const reserveMs = 30_000;

/** Where the data of a large event lie, beside the delivery that it came in. */
function pointerOf({ data }: CanonicalEvent): string | undefined {
  const json = Buffer.from(JSON.stringify(data));
  return json.byteLength > inlineLimit ? `pointers/${createHash('sha256').update(json).digest('hex')}.json.gz` : undefined;
}

/**
 * Finds and blanks what a customer, or a guest's orders, have left in the raw archive and in quarantine: by what the
 * deliveries say, read anew, and by words where they cannot be read. Blanked in place, so that every pointer into an
 * object stays true. Bounded: it says where to go on.
 */
export async function handle(input: unknown, deps: EraseRaw, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<ErasedRaw> {
  const asked = eraseRawInput.parse(input);
  const { accounts, archive, log } = deps;
  const subject: Subject = { customer: asked.customer, orders: new Set(asked.orders), payments: new Set(asked.payments), words: asked.words };
  const saysWord = wordFinder(subject.words);
  if (asked.step === 'quarantine') {
    const entries = await blankQuarantine(subject, saysWord, deps);
    log.info('ERASE', { step: asked.step, entries });
    return { deliveries: entries, others: 0, orders: [], payments: [] };
  }
  const orders = new Set<string>();
  const payments = new Set<string>();
  let [deliveries, others] = [0, 0];
  let last: string | undefined;
  let more = false;
  for await (const key of archive.keys(asked.day, asked.after)) {
    if (last !== undefined && remainingMs() < reserveMs) {
      more = true;
      break;
    }
    const object = await archive.get(key);
    let changed = false;
    for (const one of readArchive(object)) {
      if (one.kind === 'damaged' || one.erased) continue;
      const { events, dark } = readDelivery(one.delivery, accounts);
      const mine = events.filter((event) => isAbout(namedIn(event), subject));
      if (mine.length === 0 && !(dark && saysWord(one.delivery.body))) continue;
      deliveries++;
      others += events.length - mine.length;
      for (const { order, payment } of mine.map(namedIn)) {
        if (order !== undefined) orders.add(order);
        if (payment !== undefined) payments.add(payment);
      }
      if (asked.step === 'find') continue;
      for (const pointer of mine.map(pointerOf)) if (pointer !== undefined) await archive.put(pointer, gzipSync('{}'));
      blankBody(object, one);
      changed = true;
    }
    if (changed) await archive.put(key, object);
    last = key;
  }
  log.info('ERASE', { step: asked.step, day: asked.day, deliveries, others });
  return { deliveries, others, orders: [...orders].sort(), payments: [...payments].sort(), ...(more && last !== undefined && { after: last }) };
}
