import type { Clock, Invocation, Log } from '@orderflow/shared/lambda';
import type { AlertNotice, StaffNotifier } from '@orderflow/shared/notices';
import type { Refresh } from '../results/deps.ts';
import { refreshingOf } from '../results/due.ts';
import { replaceRows } from '../results/replace.ts';
import { addDays, periodsOf, type Period } from '../sums/periods.ts';
import { readDays } from '../sums/read-days.ts';
import { kpiReport, NoRate, type ComparedKpi } from './report.ts';
import { matureAfterDays, ratesOf } from './route.ts';
import { standingOf, type Standing, type Target } from './targets.ts';

export interface Kpis extends Refresh {
  readonly stage: string;
  readonly targets: readonly Target[];
  readonly staff: StaffNotifier;
  readonly clock: Clock;
  readonly log: Log;
}

interface Judged {
  readonly target: Target;
  readonly currency: string;
  readonly period: Period;
  readonly value: number | null;
  readonly before: Standing;
  readonly standing: Standing;
  readonly since: string;
}

const standingsSql = "SELECT kpi, period, currency, source, standing, TO_CHAR(since, 'YYYY-MM-DD HH24:MI:SS') AS since FROM kpi_standing";
const columns = ['kpi', 'period', 'currency', 'source', 'standing', 'value', 'since'];
const keyOf = (kpi: string, period: string, currency: string, source: string): string => JSON.stringify([kpi, period, currency, source]);

/** The last period of a kind that is over. */
function lastOver(kind: Target['period'], today: string): ReturnType<typeof periodsOf> {
  const yesterday = addDays(today, -1);
  const { current, before } = periodsOf(kind, yesterday);
  return current.to <= today ? { current, before } : periodsOf(kind, addDays(current.from, -1));
}

const shown = ({ target, value, period, currency }: Judged): string =>
  `${target.kpi} ${value === null ? 'unknown' : Number(value.toPrecision(4))}, ${[target.least === undefined ? [] : [`at least ${target.least}`], target.most === undefined ? [] : [`at most ${target.most}`]].flat().join(' and ')}; ${target.source ?? 'all sources'}, ${currency}, ${period.from} to ${addDays(period.to, -1)}`;

const group = (judged: Judged): AlertNotice['groups'][number] => ({
  code: 'KPI_CROSSED', state: judged.standing === 'crossed' ? 'new' : 'resolved', count: 1, examples: [shown(judged)],
  action: judged.standing === 'crossed'
    ? `look at GET /api/kpis?period=${judged.target.period}&day=${addDays(judged.period.to, -1)}${judged.target.source === undefined ? '' : `&source=${judged.target.source}`}, and at the figures behind it by source and product`
    : 'nothing: it is back within its target',
});

/** Judges the targets, tells those that have crossed or are back, once each, and keeps where they stand. */
export async function handle(event: unknown, deps: Kpis, { requestId }: Pick<Invocation, 'requestId'>): Promise<{ told: number }> {
  const { targets, reader, staff, clock, log } = deps;
  if (targets.length === 0) return { told: 0 };
  const at = new Date(clock()).toISOString();
  const { today } = refreshingOf(event);
  const periods = targets.map(({ period }) => lastOver(period, today));
  const from = periods.map(({ before }) => before.from).sort()[0] ?? today;
  const [{ rows, reportingCurrency, perEuro }, kept] = await Promise.all([readDays(reader, { from, to: today }, today), reader.rows(standingsSql)]);
  const known = new Map(kept.map((row) => [keyOf(String(row['kpi']), String(row['period']), String(row['currency']), String(row['source'])), { standing: String(row['standing']) as Standing, since: String(row['since']) }]));
  const judged = targets.map((target, place): Judged => {
    const currency = target.currency ?? reportingCurrency;
    const over = periods[place] as ReturnType<typeof periodsOf>;
    const asked = rows.filter((row) => (target.source === undefined || row.source === target.source) && (target.currency === undefined || row.currency === target.currency));
    const { standing: before = 'within', since = at } = known.get(keyOf(target.kpi, target.period, currency, target.source ?? '')) ?? {};
    const value = valueOf(() => kpiReport(asked, over, currency, today, matureAfterDays, ratesOf(perEuro)).kpis[target.kpi], target.leastN);
    const standing = standingOf(target, value, before);
    return { target, currency, period: over.current, value, before, standing, since: standing === before ? since : at };
  });
  const changed = judged.filter(({ before, standing }) => before !== standing);
  if (changed.length > 0) await staff.notify('alerts', { schema: 'orderflow.alert.v1', id: `kpis-${requestId}`.slice(0, 100), at, stage: deps.stage, groups: changed.map(group) });
  for (const { target: { kpi }, standing } of changed) log.info('KPI_CROSSED', { kpi, standing });
  await replaceRows({
    table: 'kpi_standing', columns,
    rows: judged.map(({ target, currency, standing, value, since }) => ({ kpi: target.kpi, period: target.period, currency, source: target.source ?? '', standing, value, since: since.slice(0, 19).replace('T', ' ') })),
  }, requestId, deps);
  return { told: changed.length };
}

/** Null: there is too little, nothing, or no rate to reckon it in. */
function valueOf(report: () => ComparedKpi, leastN: number): number | null {
  try {
    const { value, n } = report();
    return value === null || n < leastN ? null : Number(value);
  } catch (error) {
    if (error instanceof NoRate) return null;
    throw error;
  }
}
