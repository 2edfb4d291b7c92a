import { currency } from '@orderflow/shared/events';
import * as z from 'zod/mini';
import { periodKinds } from '../sums/periods.ts';
import { kpis, type KpiName } from './kpis.ts';

/** What a merchant wants to be told of: a KPI beyond a bound. */
export const target = z.strictObject({
  kpi: z.enum(Object.keys(kpis) as [KpiName, ...KpiName[]]),
  least: z.optional(z.number()),
  most: z.optional(z.number()),
  /** The last period that is over; `trailing30`: the 30 days up to yesterday. */
  period: z._default(z.enum(periodKinds), 'trailing30'),
  /** Only this currency; left out: all, in the reporting currency. */
  currency: z.optional(currency),
  /** Only this source; left out: all. */
  source: z.optional(z.string()),
  /** So far back within the bound, as a share of it, it counts as recovered: a figure that trembles at its bound is told once. */
  slack: z._default(z.number().check(z.gte(0), z.lte(1)), 0.02),
  /** Of fewer orders, units or answers nothing is said: one unhappy answer of two is no alarm. */
  leastN: z._default(z.number().check(z.gte(0)), 30),
}).check(z.refine(({ least, most }) => (least ?? most) !== undefined && (least === undefined || most === undefined || least <= most), 'needs `least` or `most`, and `least` no higher'));
export type Target = z.output<typeof target>;

/** The file of a merchant's targets. @throws z.core.$ZodError */
export const parseTargets = (file: unknown): { readonly version: string; readonly targets: readonly Target[] } => z.parse(z.strictObject({ version: z.string(), targets: z.array(target) }), file);

export type Standing = 'within' | 'crossed';

/**
 * Where a figure stands after what it was. Crossing is told when `within` becomes `crossed`, recovery the other way; a
 * figure that is not there changes nothing.
 */
export function standingOf({ least, most, slack }: Pick<Target, 'least' | 'most' | 'slack'>, value: number | null, before: Standing): Standing {
  if (value === null || !Number.isFinite(value)) return before;
  if ((least !== undefined && value < least) || (most !== undefined && value > most)) return 'crossed';
  if (before === 'within') return 'within';
  const recovered = (least === undefined || value >= least + Math.abs(least) * slack) && (most === undefined || value <= most - Math.abs(most) * slack);
  return recovered ? 'within' : 'crossed';
}
