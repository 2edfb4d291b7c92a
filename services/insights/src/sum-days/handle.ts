import type { Invocation } from '@orderflow/shared/lambda';
import * as z from 'zod/mini';
import type { PlaceOf } from '../geography/place-of.ts';
import type { Refresh } from '../results/deps.ts';
import { replaceRows, tokenOf, transact } from '../results/replace.ts';
import { hundredth } from '../sums/day-queries.ts';
import { sumStatements } from '../sums/sum-statements.ts';

export interface SumDays extends Refresh {
  readonly placeOf: PlaceOf;
}

const input = z.object({ run: z.string(), from: z.string(), to: z.string() });

/** Positions of a span's orders that nobody has looked up yet. */
const newPositions = (): string => `SELECT DISTINCT latitude, longitude FROM (
  SELECT ${hundredth('gps_latitude')} AS latitude, ${hundredth('gps_longitude')} AS longitude
  FROM orders WHERE order_date_time >= CAST(:from_day AS TIMESTAMP) AND order_date_time < CAST(:to_day AS TIMESTAMP) AND gps_latitude IS NOT NULL AND gps_longitude IS NOT NULL
) p WHERE NOT EXISTS (SELECT 1 FROM place known WHERE known.latitude = p.latitude AND known.longitude = p.longitude)`;

const columns = ['latitude', 'longitude', 'country', 'region', 'h3_cell', 'h3_coarse'];
/** Two refreshes at once find the same positions: each is kept once. */
const [before, after] = [
  ['LOCK place', 'CREATE TEMP TABLE found_place (LIKE place)'],
  [`INSERT INTO place (${columns.join(', ')}) SELECT ${columns.map((name) => `f.${name}`).join(', ')} FROM found_place f
WHERE NOT EXISTS (SELECT 1 FROM place known WHERE known.latitude = f.latitude AND known.longitude = f.longitude)`],
];

/** Sums the days of a span anew, after the places of their orders have been looked up. Running twice changes nothing. */
export async function handle(event: unknown, deps: SumDays, { requestId }: Pick<Invocation, 'requestId'>): Promise<{ positions: number }> {
  const { run, from, to } = z.parse(input, event);
  const span = { from_day: from, to_day: to };
  const positions = await deps.reader.rows(newPositions(), span);
  if (positions.length > 0) {
    const rows = positions.map(({ latitude, longitude }) => {
      const { country, region, cell, coarse } = deps.placeOf(Number(latitude), Number(longitude));
      return { latitude: String(latitude), longitude: String(longitude), country, region, h3_cell: cell, h3_coarse: coarse };
    });
    await replaceRows({ table: 'found_place', columns, rows, before, after }, `${run}\n${from}\n${requestId}`, deps);
  }
  await transact(deps.warehouse, sumStatements, { ...span, run }, tokenOf(requestId, 'sums'));
  return { positions: positions.length };
}
