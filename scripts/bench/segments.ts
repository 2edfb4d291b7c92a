import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kMeans, seeded } from '../../services/insights/src/segments/k-means.ts';
import { segmentOf, segmentsOf, type CustomerSums } from '../../services/insights/src/segments/rfm.ts';
import { records } from './forecast/read-series.ts';

/** Customers of UCI Online Retail as of the day after its last one: what they bought, without credit notes. */
function customersOf(path: string): CustomerSums[] {
  const customers = new Map<string, { last: string; orders: Set<string>; value: number }>();
  let end = '';
  for (const column of records(path)) {
    const [customer, invoice, quantity, price, day] = [column('CustomerID'), column('InvoiceNo'), Number(column('Quantity')), Number(column('UnitPrice')), column('InvoiceDate').slice(0, 10)];
    if (day > end) end = day;
    if (customer === '' || invoice.startsWith('C') || !(quantity > 0) || !(price > 0)) continue;
    const one = customers.get(customer) ?? { last: '', orders: new Set<string>(), value: 0 };
    one.orders.add(invoice);
    one.value += quantity * price;
    if (day > one.last) one.last = day;
    customers.set(customer, one);
  }
  return [...customers.values()].map(({ last, orders, value }) => ({ recency: (Date.parse(end) - Date.parse(last)) / 86_400_000 + 1, orders: orders.size, value }));
}

/** Four kinds of customers, the same each time. */
function generated(): CustomerSums[] {
  const random = seeded(2011);
  return Array.from({ length: 4_000 }, (_, at) => {
    const kind = at % 4;
    return { recency: Math.round((kind < 2 ? 20 : 200) * (0.2 + 1.6 * random())), orders: Math.max(1, Math.round((kind % 2 === 0 ? 12 : 1.5) * (0.4 + 1.2 * random()))), value: (kind % 2 === 0 ? 3_000 : 300) * (0.3 + 1.4 * random()) };
  });
}

/** Agreement of two partitions beyond chance, 1 where they are the same (L. Hubert and P. Arabie, 1985). */
export function adjustedRandIndex(a: readonly string[], b: readonly string[]): number {
  const count = (keys: readonly string[]): number[] => [...Map.groupBy(keys, (key) => key).values()].map((of) => of.length);
  const pairs = (counts: readonly number[]): number => counts.reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  const [both, ofA, ofB, all] = [pairs(count(a.map((one, at) => `${one}\n${b[at] ?? ''}`))), pairs(count(a)), pairs(count(b)), (a.length * (a.length - 1)) / 2];
  const expected = (ofA * ofB) / all;
  const most = (ofA + ofB) / 2;
  return most === expected ? 1 : (both - expected) / (most - expected);
}

/** Mean silhouette of a sample (P. Rousseeuw, 1987). */
function silhouette(points: Float64Array, labels: Uint8Array, k: number): number {
  const step = Math.max(1, Math.floor(labels.length / 800));
  let [sum, n] = [0, 0];
  for (let i = 0; i < labels.length; i += step) {
    const [sums, counts] = [new Float64Array(k), new Float64Array(k)];
    for (let j = 0; j < labels.length; j++) {
      if (i === j) continue;
      const of = labels[j] ?? 0;
      sums[of] = (sums[of] ?? 0) + Math.hypot(...[0, 1, 2].map((d) => (points[3 * i + d] ?? 0) - (points[3 * j + d] ?? 0)));
      counts[of] = (counts[of] ?? 0) + 1;
    }
    const own = labels[i] ?? 0;
    const means = [...sums].map((total, c) => ((counts[c] ?? 0) > 0 ? total / (counts[c] ?? 1) : Infinity));
    const [inside, outside] = [means[own] ?? 0, Math.min(...means.filter((_, c) => c !== own))];
    sum += (outside - inside) / Math.max(inside, outside);
    n++;
  }
  return sum / n;
}

/** Segments of customers: the same from seed to seed, how long, and silhouettes by the number of segments. */
export async function segments(root: string, say: (line: string) => void, file?: string): Promise<Record<string, number>> {
  const path = file ?? join(process.env['ORDERFLOW_DATA_DIR'] ?? join(dirname(root), 'shared/data'), 'online-retail/online-retail.csv.gz');
  const there = existsSync(path);
  if (!there) say('UCI Online Retail is not here; generated customers instead');
  const customers = there ? customersOf(path) : generated();
  const begun = performance.now();
  const first = segmentsOf(customers);
  const ms = performance.now() - begun;
  if (first === undefined) return { customers: customers.length };
  const labels = (of: typeof first): string[] => customers.map((one) => segmentOf(one, of));
  const own = labels(first);
  const others = Array.from({ length: 9 }, (_, at) => segmentsOf(customers, at + 2)).map((of) => adjustedRandIndex(own, of === undefined ? [] : labels(of)));
  for (const { name } of first.segments) say(`${name}: ${own.filter((one) => one === name).length} customers`);
  const { means, deviations } = first;
  const points = Float64Array.from(customers.flatMap(({ recency, orders, value }) => [recency, orders, value].map((one, at) => (Math.log1p(Math.max(0, one)) - (means[at] ?? 0)) / (deviations[at] ?? 1))));
  const silhouettes = [2, 3, 4, 5, 6].map((k) => [`silhouette of ${k}`, Number(silhouette(points, kMeans(points, 3, k).labels, k).toFixed(3))] as const);
  return { customers: customers.length, 'ms, ten starts': Math.round(ms), 'least adjusted Rand index between ten seeds': Number(Math.min(...others).toFixed(4)), ...Object.fromEntries(silhouettes) };
}
