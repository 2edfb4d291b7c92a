import { DatabaseSync } from 'node:sqlite';
import { oneRow } from '../sqlite-row.ts';
import { embeddedMetrics } from './embedded-format.ts';
import { addSummary, addValue, emptySummary, statistic, type Summary } from './statistic.ts';

export type Dimensions = Readonly<Record<string, string>>;

/** Metrics by the minute, on disk within a second, bounded. */
export interface MetricStore {
  /** One value at `at` (epoch milliseconds). */
  record(namespace: string, name: string, dimensions: Dimensions, value: number, at?: number): void;
  /** Takes the metrics of a log line in the embedded metric format; other lines have none. */
  fromLog(message: string, at: number): void;
  /** A statistic over a span of time (epoch milliseconds), undefined without data. */
  statistic(namespace: string, name: string, dimensions: Dimensions, stat: string, from: number, to: number): number | undefined;
}

export interface Point {
  /** Beginning of the period, epoch milliseconds. */
  readonly at: number;
  readonly summary: Summary;
}
export interface MetricName { readonly namespace: string; readonly name: string; readonly dimensions: Dimensions }

/** What the API needs of it, beyond what services do. */
export interface MetricFile extends MetricStore {
  add(metric: MetricName, values: Summary, at: number, unit?: string): void;
  /** As it was last given; `None` for what came without one, as the services' own metrics and those of log lines do here. */
  unitOf(metric: MetricName): string;
  /** Whole periods of `periodSeconds` (a multiple of 60) that have data and begin within the span, in order. */
  points(metric: MetricName, from: number, to: number, periodSeconds: number): Point[];
  /** Known metrics, in order of their names. */
  list(namespace?: string, name?: string): MetricName[];
  close(): void;
}

const MINUTE = 60_000;
const SAVE_MS = 1000;
const HOUR_MS = 3_600_000;
const KEPT_MS = 15 * 24 * HOUR_MS;
const MOST_POINTS = 1_000_000;
/** Of the tables; a file of another one is begun anew. */
const SHAPE = 3;

interface Series extends MetricName { readonly id: number; readonly fresh: Map<number, Summary> }

const keyOf = (dimensions: Dimensions): string => {
  const names = Object.keys(dimensions);
  return JSON.stringify(names.length < 2 ? dimensions : Object.fromEntries(names.sort().map((name) => [name, dimensions[name]])));
};

export function openMetricFile(file: string): MetricFile {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;');
  if (database.prepare('PRAGMA user_version').get()?.['user_version'] !== SHAPE) database.exec('DROP TABLE IF EXISTS point; DROP TABLE IF EXISTS series;');
  database.exec(`PRAGMA user_version=${SHAPE};
    CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, namespace TEXT, name TEXT, dimensions TEXT, unit TEXT NOT NULL DEFAULT 'None', UNIQUE (namespace, name, dimensions));
    CREATE TABLE IF NOT EXISTS point (series INTEGER, minute INTEGER, sum REAL, count REAL, min REAL, max REAL, classes TEXT, PRIMARY KEY (series, minute)) WITHOUT ROWID`);
  const read = database.prepare('SELECT sum, count, min, max, classes FROM point WHERE series = ? AND minute = ?');
  const write = database.prepare('INSERT OR REPLACE INTO point VALUES (?, ?, ?, ?, ?, ?, ?)');
  const known = new Map<string, Map<string, Series>>();
  const dirty = new Set<Series>();

  const summaryIn = (row: Record<string, unknown>): Summary => ({ ...(row as unknown as Summary), classes: JSON.parse(row['classes'] as string) as Summary['classes'] });
  const find = (namespace: string, name: string, dimensions: Dimensions): Series => {
    const metric = `${namespace}\n${name}`;
    let byDimensions = known.get(metric);
    if (!byDimensions) known.set(metric, (byDimensions = new Map<string, Series>()));
    const key = keyOf(dimensions);
    let series = byDimensions.get(key);
    if (!series) {
      database.prepare('INSERT OR IGNORE INTO series (namespace, name, dimensions) VALUES (?, ?, ?)').run(namespace, name, key);
      const { id } = oneRow(database.prepare('SELECT id FROM series WHERE namespace = ? AND name = ? AND dimensions = ?'), namespace, name, key);
      byDimensions.set(key, (series = { id: Number(id), namespace, name, dimensions: JSON.parse(key) as Dimensions, fresh: new Map() }));
    }
    return series;
  };
  const freshOf = (series: Series, at: number): Summary => {
    const minute = Math.floor(at / MINUTE);
    let summary = series.fresh.get(minute);
    if (!summary) series.fresh.set(minute, (summary = emptySummary()));
    dirty.add(series);
    return summary;
  };
  const save = (): void => {
    if (dirty.size === 0) return;
    database.exec('BEGIN');
    for (const series of dirty) {
      for (const [minute, fresh] of series.fresh) {
        const before = read.get(series.id, minute);
        if (before) addSummary(fresh, summaryIn(before));
        write.run(series.id, minute, fresh.sum, fresh.count, fresh.min, fresh.max, JSON.stringify(fresh.classes));
      }
      series.fresh.clear();
    }
    database.exec('COMMIT');
    dirty.clear();
  };
  const forgetOld = (): void => {
    const excess = Number(oneRow(database.prepare('SELECT count(*) AS count FROM point'))['count']) - MOST_POINTS;
    const oldest = excess > 0 ? Number(oneRow(database.prepare('SELECT minute FROM point ORDER BY minute LIMIT 1 OFFSET ?'), excess)['minute']) : 0;
    database.prepare('DELETE FROM point WHERE minute < ?').run(Math.max(oldest, Math.floor((Date.now() - KEPT_MS) / MINUTE)));
    database.exec('DELETE FROM series WHERE id NOT IN (SELECT series FROM point)');
    known.clear();
  };
  const saver = setInterval(save, SAVE_MS);
  const hourly = setInterval(() => {
    save();
    forgetOld();
  }, HOUR_MS);
  saver.unref();
  hourly.unref();
  forgetOld();

  const record: MetricStore['record'] = (namespace, name, dimensions, value, at = Date.now()) => {
    if (Number.isFinite(value)) addValue(freshOf(find(namespace, name, dimensions), at), value);
  };
  const points: MetricFile['points'] = ({ namespace, name, dimensions }, from, to, periodSeconds) => {
    save();
    const minutes = Math.max(1, Math.round(periodSeconds / 60));
    const slots = new Map<number, Summary>();
    const rows = database.prepare(`SELECT minute, sum, count, min, max, classes FROM point JOIN series ON series.id = series
      WHERE namespace = ? AND name = ? AND dimensions = ? AND minute >= ? AND minute < ? ORDER BY minute`)
      .iterate(namespace, name, keyOf(dimensions), Math.floor(from / MINUTE / minutes) * minutes, Math.ceil(to / MINUTE / minutes) * minutes);
    for (const row of rows) {
      const at = Math.floor(Number(row['minute']) / minutes) * minutes * MINUTE;
      const slot = slots.get(at);
      if (slot) addSummary(slot, summaryIn(row));
      else slots.set(at, summaryIn(row));
    }
    return [...slots].map(([at, summary]) => ({ at, summary }));
  };
  return {
    record,
    add({ namespace, name, dimensions }, values, at, unit = 'None') {
      const series = find(namespace, name, dimensions);
      addSummary(freshOf(series, at), values);
      database.prepare('UPDATE series SET unit = ? WHERE id = ? AND unit <> ?').run(unit, series.id, unit);
    },
    unitOf: ({ namespace, name, dimensions }) => (database.prepare('SELECT unit FROM series WHERE namespace = ? AND name = ? AND dimensions = ?').get(namespace, name, keyOf(dimensions))?.['unit'] as string | undefined) ?? 'None',
    fromLog: (message, at) => embeddedMetrics(message, at, record),
    points,
    statistic(namespace, name, dimensions, stat, from, to) {
      const all = points({ namespace, name, dimensions }, from, to, 60);
      if (all.length === 0) return undefined;
      const sum = emptySummary();
      for (const point of all) addSummary(sum, point.summary);
      return statistic(sum, stat);
    },
    list(namespace, name) {
      save();
      return database.prepare('SELECT namespace, name, dimensions FROM series WHERE (? IS NULL OR namespace = ?) AND (? IS NULL OR name = ?) ORDER BY namespace, name, dimensions')
        .all(namespace ?? null, namespace ?? null, name ?? null, name ?? null)
        .map((row) => ({ namespace: String(row['namespace']), name: String(row['name']), dimensions: JSON.parse(String(row['dimensions'])) as Dimensions }));
    },
    close() {
      clearInterval(saver);
      clearInterval(hourly);
      save();
      database.close();
    },
  };
}
