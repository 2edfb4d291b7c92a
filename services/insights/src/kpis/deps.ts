import { snsClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { snsNotifier } from '@orderflow/shared/notices';
import type * as z from 'zod/mini';
import { refreshDeps } from '../results/deps.ts';
import type { env } from './env.ts';
import type { Kpis } from './handle.ts';
import targets from './kpi-targets.json' with { type: 'json' };
import { parseTargets } from './targets.ts';

export const deps = (variables: z.output<typeof env>, { clock, log }: Tools): Kpis => ({
  ...refreshDeps(variables), stage: variables.STAGE, targets: parseTargets(targets).targets, staff: snsNotifier(snsClient(), { alerts: variables.ALERTS_TOPIC }), clock, log,
});
