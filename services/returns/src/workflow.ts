import type { InFlightItem, ItemKey } from '@orderflow/shared/store';
import { inputOf, type ExecutionInput } from '@orderflow/shared/workflow';

/** Where the state machine goes next. STOP: a newer attempt owns the return, or it is done. */
export type Next = 'DECIDE' | 'LOAD' | 'PARKED' | 'APPROVED' | 'PARTIAL' | 'REJECTED' | 'NEEDS_REVIEW' | 'NOTIFY' | 'DONE' | 'STOP';

/** State output of process-return: keys, attempt and a status word, nothing personal (CONTRACTS, "Sizes"). */
export type StepResult = ExecutionInput & { readonly next: Next };

export const keyOf = ({ pk, sk }: ItemKey): ItemKey => ({ pk, sk });
export const fenceOf = ({ attempt, revision }: InFlightItem) => ({ attempt, revision });
export const goTo = (item: InFlightItem, next: Next): StepResult => ({ ...inputOf(item), next });

/** True when this execution may still act on the item. */
export const owns = (item: InFlightItem | undefined, { attempt }: ExecutionInput): item is InFlightItem =>
  item !== undefined && item.state === 'RECEIVED' && item.attempt === attempt;

/** Someone wrote in between: the state machine's retry, or the caller's next try, reads again. */
export class ItemChanged extends Error {
  constructor() {
    super('the return changed in between: try again');
    this.name = 'ItemChanged';
  }
}
