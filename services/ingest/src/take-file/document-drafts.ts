import { exactText, present, Unreadable, type Exact } from '../convert/index.ts';
import type { Draft } from '../sources/definition.ts';
import type { DocumentReading, Line } from './document-line.ts';
import { customerOf, orderOf } from './document-order.ts';
import type { documentKinds } from './mapping.ts';

/** A credit note: money that has already gone back. Amounts and quantities count what came back, so they are positive. */
function returnOf(id: string, lines: readonly Line[], at: string, currency: string, reading: DocumentReading): Draft {
  const amount = 0 - lines.reduce((total, { line }) => total + line.total, 0);
  const customerId = lines[0] && customerOf(lines[0].row, reading)?.id;
  const data = {
    return: present({
      id,
      requestedAt: at,
      decided: { outcome: 'APPROVED' as const, amount, at, by: 'source' as const },
      currency,
      amount,
      customerId,
      historical: reading.historical ? true : undefined,
      lines: lines.map(({ line }) =>
        present({
          id: line.id, productId: line.productId, sku: line.sku, name: line.name, quantity: 0 - line.quantity,
          amount: 0 - line.total, class: line.class,
        })),
    }),
  };
  return { type: 'return.requested', time: at, sequence: reading.sequenceAt(at), data };
}

/** Write-offs and ledger entries: one adjustment a line, signed as the file signs them. */
const adjustmentsOf = (
  id: string, kind: 'stock' | 'ledger', lines: readonly Line[], currency: string, { historical, sequenceAt }: DocumentReading,
): readonly Draft[] =>
  lines.map(({ line, at }) => ({
    type: 'adjustment.recorded',
    time: at,
    sequence: sequenceAt(at),
    data: {
      adjustment: present({
        id: lines.length === 1 ? id : `${id}-${line.id}`,
        kind,
        productId: line.productId,
        quantity: line.quantity,
        amount: line.total,
        currency,
        reason: line.name,
        at,
        historical: historical ? true : undefined,
      }),
    },
  }));

/** The events of one document of a kind. @throws Unreadable */
export function draftsOf(
  kind: (typeof documentKinds)[number] | undefined, id: string, lines: readonly Line[], at: string, currency: string,
  reading: DocumentReading,
): readonly Draft[] {
  switch (kind) {
    case 'sale':
      return [{ type: 'order.created', time: at, sequence: reading.sequenceAt(at), data: { order: orderOf(id, lines, at, currency, reading) } }];
    case 'return':
      return [returnOf(id, lines, at, currency, reading)];
    case 'stock':
    case 'ledger':
      return adjustmentsOf(id, kind, lines, currency, reading);
    case undefined:
      throw new Unreadable('kind', '$', 'is a document of no kind that the mapping names');
  }
}

/**
 * What rounding took off a document's line totals, in the one line that names it; its money is not a minor unit, so it is
 * text. One a document, so that a document that is taken again does not count it again.
 */
export function remainderDraft(id: string, remainder: Exact, lines: number, at: string, currency: string, reading: DocumentReading): Draft {
  return {
    type: 'adjustment.recorded',
    time: at,
    sequence: reading.sequenceAt(at),
    data: {
      adjustment: present({
        id: `rounding-${id}`,
        kind: 'other' as const,
        amount: 0,
        currency,
        reason: `rounding remainder ${exactText(remainder)} ${currency} of ${lines} lines`,
        at,
        historical: reading.historical ? true : undefined,
      }),
    },
  };
}
