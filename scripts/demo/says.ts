import type { AccountName } from '@orderflow/shared/accounts';
import type { EventType } from '@orderflow/shared/events';
import type { DemoMessage } from '../../services/ingest/src/sources/demo.ts';
import { findSource } from '../../services/ingest/src/sources/registry.ts';
import { demoOf } from './channels.ts';
import type { Said } from './delivery.ts';
import { eventIdsOf } from './identity.ts';
import { composedKey } from './key.ts';
import type { Sale } from './sale.ts';

/** What a message is about, by the demo world's own reckoning. */
export interface Matter {
  /** What is asked to be told. */
  readonly type: EventType;
  /** Who tells. */
  readonly by: AccountName;
  readonly sale?: Sale;
  /** The demo world's id of the return, the product, the review … */
  readonly id?: string;
  /** What is paid back. */
  readonly amount?: number;
}

export const keyOf = ({ channel: { source, account }, id }: Sale): string => composedKey(source, account, id);

/** What an event of a type says of a matter; `of`: the sender's own id of it. */
function said(type: EventType, { by: { source, account }, sale, id = '', amount }: Matter, of: string | undefined): Said {
  const own = (kind: string, otherwise = id): string => composedKey(source, account, kind, of ?? otherwise);
  switch (type) {
    case 'order.created':
      return { type, key: sale ? keyOf(sale) : '', currency: sale?.currency ?? '', total: sale?.total ?? 0, lines: sale && demoOf(sale.channel).without?.includes('lines') ? 0 : sale?.lines.length ?? 0 };
    case 'order.updated':
      return { type, key: sale ? keyOf(sale) : '' };
    case 'payment.changed':
      return { type, key: own('payment', sale?.paymentReference) };
    case 'return.requested':
      return { type, key: own('return'), currency: sale?.currency ?? '', amount };
    case 'feedback.received':
      return { type, key: own('feedback') };
    case 'catalog.updated':
      return { type, key: own('product') };
    case 'inventory.counted':
      return { type, key: own('inventory') };
    case 'adjustment.recorded':
      return { type, key: own('adjustment') };
    case 'source.notified':
      return { type, key: own('notice', sale?.id) };
    case 'intake.rejected':
      return { type, key: id };
  }
}

export interface Telling {
  readonly says: readonly Said[];
  readonly ids: readonly string[];
}

/** What a message says of its matter, event by event, and under which ids. */
export function told(message: DemoMessage, matter: Matter): Telling {
  const types = message.fetched ? (['source.notified'] as const) : message.makes ?? [matter.type];
  return { says: types.map((type) => said(type, matter, message.of)), ids: idsOf(message, matter.by, types.length) };
}

export function idsOf(message: Pick<DemoMessage, 'headers' | 'body'>, { source, account }: AccountName, events: number): readonly string[] {
  const definition = findSource(source);
  if (!definition) throw new Error(`no source is called ${source}`);
  return eventIdsOf(definition, account, message, events);
}

/** What is found when the vendor is asked for what a notice names. */
export const found = ({ fetched, of }: DemoMessage, matter: Matter): readonly Said[] => (fetched?.makes ?? [matter.type]).map((type) => said(type, matter, fetched?.of ?? of));
