import type { Model } from './series.ts';
import { mean, median } from './series.ts';

/** As a week before: what every other model is measured against. */
export const seasonalNaive: Model = (history, season, horizon) => {
  const start = Math.max(0, history.length - season);
  return Float64Array.from({ length: horizon }, (_, at) => history[start + (at % Math.min(season, history.length))] ?? 0);
};

const memoryWeeks = 4;
const weeksBack = 12;

/** The mean of the same weekday in the last weeks, a week's weight halved every four weeks; the mean of all where it has not been yet. */
export const weekdayMean: Model = (history, season, horizon) => {
  const bySeason = Float64Array.from({ length: season }, (_, ahead) => {
    let total = 0;
    let weights = 0;
    for (let week = 1; week <= weeksBack; week++) {
      const value = history[history.length + ahead - week * season];
      if (value === undefined) break;
      const weight = 0.5 ** (week / memoryWeeks);
      total += weight * value;
      weights += weight;
    }
    return weights === 0 ? mean(history) : total / weights;
  });
  return Float64Array.from({ length: horizon }, (_, at) => bySeason[at % season] ?? 0);
};

/** The median of the last four weeks, every day the same: the best guess, by absolute error, where the weekday says little. */
export const recentMedian: Model = (history, season, horizon) => new Float64Array(horizon).fill(median(history.slice(-4 * season)));
