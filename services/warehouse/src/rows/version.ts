import { createHash } from 'node:crypto';
import { rankOf, type TransitionGroup } from '@orderflow/shared/domain';
import type { Row, Value } from '../tables/fold.ts';

/**
 * Version of one group of columns: the source's sequence; of equal ones the later state of the transition table, then
 * the hash of the content decides (CONTRACTS, "Identity"), so that the result never depends on the order of arrival.
 */
export function versionOf(sequence: string, content: Row, state?: { readonly group: TransitionGroup; readonly status: string }): string {
  const rank = state ? String(rankOf(state.group, state.status) + 1).padStart(2, '0') : '00';
  const hash = createHash('sha256').update(JSON.stringify(Object.values(content))).digest('hex').slice(0, 8);
  return `${sequence}${rank}${hash}`;
}

/** The columns of a group with their version. */
export const group = (
  version: string, sequence: string, content: Row, state?: { readonly group: TransitionGroup; readonly status: string },
): Record<string, Value> => ({ ...content, [`${version}_version`]: versionOf(sequence, content, state) });

/** A group that is only known where one of its columns is. */
export const groupIfKnown = (version: string, sequence: string, content: Row): Record<string, Value> =>
  Object.values(content).some((value) => value !== null) ? group(version, sequence, content) : {};
