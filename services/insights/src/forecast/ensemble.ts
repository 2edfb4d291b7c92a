import { holtWinters, medianOfEight, onLogs, theta, type Model } from './models.ts';
import { dampened } from './outliers.ts';

const mean = (...models: readonly Model[]): Model => (y, season, steps) => {
  const made = models.map((model) => model(y, season, steps));
  return Float64Array.from({ length: steps }, (_, h) => made.reduce((sum, one) => sum + (one[h] ?? 0), 0) / made.length);
};
const calm = (model: Model): Model => (y, season, steps) => model(dampened(y), season, steps);

/**
 * What a forecast may be made by. The first is the one that was best on the first eight origins of UCI Online Retail's series
 * (`npm run bench -- --only forecast`); another takes its place only where it is clearly better on a series' own past.
 */
export const methods = {
  'mean of damped Holt-Winters and the same on logarithms': mean(calm(holtWinters), onLogs(holtWinters)),
  'mean of Theta and the same on logarithms': mean(calm(theta), onLogs(theta)),
  'median of the same weekday in eight weeks': medianOfEight,
} as const satisfies Readonly<Record<string, Model>>;
export type Method = keyof typeof methods;
export const methodNames = Object.keys(methods) as readonly Method[];
export const usual = methodNames[0] as Method;

/** Of the usual method's error that another must stay under. */
const clearlyBetter = 0.93;

/** The method for a series, by the errors of each on its own past. */
export function chosenBy(errors: Readonly<Record<Method, number>>): Method {
  const best = methodNames.reduce((least, name) => (errors[name] < errors[least] ? name : least), usual);
  return errors[best] < clearlyBetter * errors[usual] ? best : usual;
}
