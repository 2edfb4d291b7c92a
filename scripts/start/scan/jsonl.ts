import { createHash } from 'node:crypto';
import type { Said } from '../../demo/delivery.ts';
import { composedKey } from '../../demo/key.ts';
import { bytesOf, linesOf } from './csv.ts';
import { idOf } from './event-id.ts';
import type { Sent } from './money.ts';
import type { Expected } from './settle.ts';

/** What a file of canonical JSON lines should become: one event a line, known by the hash of the line's bytes. */
export interface JsonlExpected {
  readonly lines: number;
  readonly expected: readonly Expected[];
  readonly sent: readonly (Omit<Sent, 'home'> & { readonly id: string })[];
}

interface Line {
  readonly type?: string;
  readonly data?: {
    readonly order?: { readonly id?: string; readonly currency?: string; readonly total?: number; readonly lines?: readonly unknown[] };
    readonly return?: { readonly id?: string; readonly currency?: string; readonly amount?: number };
  };
}

/** The items of a line: one, or those of an array. */
function itemsOf(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return [undefined];
  }
}

function saidOf(item: unknown, account: string): Said {
  if (typeof item !== 'object' || item === null) return { type: 'intake.rejected', key: '' };
  const line: Line = item;
  const { order, return: back } = line.data ?? {};
  if (line.type === 'order.created' && order) {
    return { type: 'order.created', key: composedKey('file-drop', account, order.id ?? ''), currency: order.currency ?? '', total: order.total ?? 0, lines: order.lines?.length ?? 0 };
  }
  if (line.type === 'return.requested' && back) {
    return { type: 'return.requested', key: composedKey('file-drop', account, 'return', back.id ?? ''), currency: back.currency ?? '', amount: back.amount };
  }
  return { type: (line.type ?? 'intake.rejected') as 'feedback.received', key: '' };
}

export async function jsonlExpected(file: string, account: string): Promise<JsonlExpected> {
  const expected: Expected[] = [];
  const sent: (Omit<Sent, 'home'> & { id: string })[] = [];
  let first = true;
  let lines = 0;
  for await (const line of linesOf((await bytesOf(file)) as AsyncIterable<Buffer>)) {
    // the byte order mark is the file's, the line end nobody's
    const bytes = line.toString('latin1').replace(first ? /^\u00EF\u00BB\u00BF/ : '', '').replace(/\r?\n$/, '');
    first = false;
    if (bytes.trim() === '') continue;
    const text = Buffer.from(bytes, 'latin1').toString('utf8');
    const delivery = createHash('sha256').update(bytes, 'latin1').digest('hex');
    lines += 1;
    itemsOf(text).forEach((item, position) => {
      const id = idOf('file-drop', account, delivery, position);
      const said = saidOf(item, account);
      expected.push({ id, acknowledged: true, said });
      if (said.type === 'order.created' || said.type === 'return.requested') sent.push({ id, said });
    });
  }
  return { lines, expected, sent };
}
