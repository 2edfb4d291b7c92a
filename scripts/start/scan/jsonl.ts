import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Said } from '../../demo/delivery.ts';
import { composedKey } from '../../demo/key.ts';
import { textOf } from './csv.ts';
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

function saidOf(text: string, account: string): Said {
  let line: Line;
  try {
    line = JSON.parse(text) as Line;
  } catch {
    return { type: 'intake.rejected', key: '' };
  }
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
  for await (const text of createInterface({ input: await textOf(file) })) {
    if (text.trim() === '') continue;
    const id = idOf('file-drop', account, createHash('sha256').update(text).digest('hex'), 0);
    const said = saidOf(text, account);
    expected.push({ id, acknowledged: true, said });
    if (said.type === 'order.created' || said.type === 'return.requested') sent.push({ id, said });
  }
  return { lines: expected.length, expected, sent };
}
