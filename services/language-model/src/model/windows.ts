import type { Tokens } from './tokens.ts';

/** One row of the network's input: [CLS] reason [SEP] piece of the text [SEP]. */
export interface Window {
  readonly ids: readonly number[];
  /** Where the second part begins: token types are 0 before it, 1 from it on. */
  readonly secondFrom: number;
  /** How many of the tokens are of the text. */
  readonly textTokens: number;
}

const mostReasonTokens = 24;
const specialTokens = 3;

/** Where windows of `room` tokens begin, each half over the one before, so that no sentence falls between two. */
function startsOf(length: number, room: number): number[] {
  const starts: number[] = [];
  const stride = Math.max(1, Math.floor(room / 2));
  for (let at = 0; at + room < length; at += stride) starts.push(at);
  // the last ends where the text ends, as full as the others
  starts.push(Math.max(0, length - room));
  return starts;
}

/** A text and the source's reason as windows that together hold every token of the text; one where it fits. */
export function windowsOf(tokens: Tokens, reason: string, text: string, maxTokens: number): Window[] {
  const { cls, sep } = tokens;
  const first = [cls, ...tokens.idsOf(reason.replaceAll('_', ' ')).slice(0, mostReasonTokens), sep];
  const ids = tokens.idsOf(text);
  const room = maxTokens - (first.length - 2) - specialTokens;
  return startsOf(ids.length, room).map((start) => {
    const piece = ids.slice(start, start + room);
    return { ids: [...first, ...piece, sep], secondFrom: first.length, textTokens: piece.length };
  });
}
