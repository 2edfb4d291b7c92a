import { silentLog } from '@orderflow/shared/lambda';
import { handle as findChangedDays } from '../../../services/insights/src/find-changed-days/handle.ts';
import type { Refresh } from '../../../services/insights/src/results/deps.ts';
import { handle as sumDays, type SumDays } from '../../../services/insights/src/sum-days/handle.ts';
import type { Period } from '../../../services/insights/src/sums/periods.ts';
import type { MigratedWarehouse } from './migrated.ts';

let runs = 0;

/** For tests: what a function that makes an insight works with, on a local warehouse. */
export const refreshOf = ({ warehouse, reader, staging }: MigratedWarehouse): Refresh => ({ warehouse, reader, bucket: { name: staging.name, put: (key, body) => staging.put(key, body) } });

/** Sums what has changed since the last time, as refresh-insights does. Returns the spans. */
export async function refresh(local: MigratedWarehouse, input: object = {}, placeOf: SumDays['placeOf'] = () => ({ country: null, region: null, cell: null, coarse: null })): Promise<readonly Period[]> {
  const deps = refreshOf(local);
  const name = `refresh-${++runs}`;
  const { run, spans } = await findChangedDays({ run: name, input }, { ...deps, clock: Date.now, log: silentLog }, { requestId: name });
  for (const [at, span] of spans.entries()) await sumDays({ run, ...span }, { ...deps, placeOf }, { requestId: `${name}-${at}` });
  return spans;
}
