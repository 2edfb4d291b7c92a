import type { Invocation, Tools } from '@orderflow/shared/lambda';
import type { InFlightStore } from '@orderflow/shared/store';
import { reprocess, type Executions, type Reprocessed } from '@orderflow/shared/workflow';

export interface Deps extends Tools {
  readonly store: InFlightStore;
  readonly executions: Executions;
}

/** On schedule: parked orders whose time has come, and orders whose execution was never started. */
export const handle = (_schedule: unknown, deps: Deps, { remainingMs }: Invocation): Promise<Reprocessed> =>
  reprocess({ ...deps, service: 'orders', remainingMs });
