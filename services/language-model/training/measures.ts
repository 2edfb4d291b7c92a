/** Expected calibration error over ten equal bins. */
export function calibrationError(answers: readonly { readonly probability: number; readonly right: boolean }[]): number {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, probability: 0, right: 0 }));
  for (const { probability, right } of answers) {
    const bin = bins[Math.min(9, Math.floor(probability * 10))];
    if (!bin) continue;
    bin.count += 1;
    bin.probability += probability;
    bin.right += Number(right);
  }
  return bins.reduce((sum, bin) => sum + Math.abs(bin.probability - bin.right), 0) / Math.max(1, answers.length);
}

/** Platt scaling by Newton-free gradient descent on held-out scores: σ(a × score + b). */
export function fitPlatt(scores: readonly { readonly score: number; readonly label: 0 | 1 }[]): { a: number; b: number } {
  let a = 1;
  let b = 0;
  for (let step = 0; step < 2000; step += 1) {
    let slopeA = 0;
    let slopeB = 0;
    for (const { score, label } of scores) {
      const error = 1 / (1 + Math.exp(-(a * score + b))) - label;
      slopeA += error * score;
      slopeB += error;
    }
    a -= (0.5 * slopeA) / scores.length;
    b -= (0.5 * slopeB) / scores.length;
  }
  return { a: Number(a.toFixed(5)), b: Number(b.toFixed(5)) };
}
