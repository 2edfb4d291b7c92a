import * as z from 'zod/mini';
import type { KpiName } from './kpis.ts';

/** What a merchant wants to be told of: a KPI beyond a bound. */
export const target = z.strictObject({
  kpi: z.string(),
  least: z.optional(z.number()),
  most: z.optional(z.number()),
  /** So far back within the bound, as a share of it, it counts as recovered: a figure that trembles at its bound is told once. */
  slack: z._default(z.number().check(z.gte(0), z.lte(1)), 0.02),
});
export type Target = z.infer<typeof target> & { readonly kpi: KpiName };

export type Standing = 'within' | 'crossed';

/**
 * Where a figure stands after what it was. Crossing is told when `within` becomes `crossed`, recovery the other way; a
 * figure that is not there changes nothing.
 */
export function standingOf({ least, most, slack }: Target, value: number | null, before: Standing): Standing {
  if (value === null || !Number.isFinite(value)) return before;
  if ((least !== undefined && value < least) || (most !== undefined && value > most)) return 'crossed';
  if (before === 'within') return 'within';
  const recovered = (least === undefined || value >= least + Math.abs(least) * slack) && (most === undefined || value <= most - Math.abs(most) * slack);
  return recovered ? 'within' : 'crossed';
}
