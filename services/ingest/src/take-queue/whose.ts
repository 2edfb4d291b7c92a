import type { Account } from '@orderflow/shared/accounts';
import type { SourceDefinition } from '../sources/definition.ts';
import { wordIn } from '../sources/place.ts';
import { bodyOf, itemsIn } from '../sources/unwrap.ts';

/** The source that a queue is named after: `orderflow-<stage>-intake-<source>`. */
export const sourceOfQueue = (arn: string): string => /-intake-([a-z][a-z0-9-]*)$/.exec(arn)?.[1] ?? '';

/** The word at which a message names its vendor's account; of several items that of the first. */
function storeIn(source: SourceDefinition, body: Uint8Array): string | undefined {
  const place = source.queue?.store;
  if (place === undefined || !('field' in place)) return undefined;
  const [item] = itemsIn(source.unwrap ?? [], bodyOf(source.unwrap ?? [], body));
  return [place.field].flat().map((path) => wordIn(item?.payload, path)).find((word) => word !== undefined);
}

/**
 * The account that a message is for: the one whose `store` it names, or the only one of its source, if that has none.
 * @throws Unreadable
 */
export function accountFor(source: SourceDefinition, body: Uint8Array, accounts: readonly Account[]): Account | undefined {
  const own = accounts.filter((account) => account.source === source.name);
  const [only] = own;
  if (own.length === 1 && only?.store === undefined) return only;
  const store = storeIn(source, body);
  return store === undefined ? undefined : own.find((account) => account.store === store);
}
