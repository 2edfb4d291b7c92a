/** What was right and what was answered, of one case. */
export interface Answered {
  readonly truth: string;
  readonly answer: string;
  /** Calibrated probability of `answer`, 0 … 1. */
  readonly probability: number;
}

const share = (part: number, of: number): number => (of === 0 ? 0 : part / of);

export const accuracy = (cases: readonly Answered[]): number => share(cases.filter(({ truth, answer }) => truth === answer).length, cases.length);

/** Mean over the classes that occur of F1 = 2·TP ÷ (2·TP + FP + FN): a rare class counts as much as a frequent one. */
export function macroF1(cases: readonly Answered[]): number {
  const classes = [...new Set(cases.map(({ truth }) => truth))];
  const scores = classes.map((name) => {
    const hits = cases.filter(({ truth, answer }) => truth === name && answer === name).length;
    const wrong = cases.filter(({ truth, answer }) => (truth === name) !== (answer === name)).length;
    return share(2 * hits, 2 * hits + wrong);
  });
  return share(scores.reduce((a, b) => a + b, 0), scores.length);
}

/** Expected calibration error over ten equal bins of probability (Guo et al. 2017): Σ |mean probability − accuracy| × share of the bin. */
export function calibrationError(cases: readonly Answered[]): number {
  const bins = Array.from({ length: 10 }, () => ({ probability: 0, right: 0 }));
  for (const { truth, answer, probability } of cases) {
    const bin = bins[Math.min(9, Math.floor(probability * 10))];
    if (!bin) continue;
    bin.probability += probability;
    bin.right += Number(truth === answer);
  }
  return share(bins.reduce((sum, bin) => sum + Math.abs(bin.probability - bin.right), 0), cases.length);
}

/** @param q 0 … 1 */
export const quantile = (values: readonly number[], q: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0;
