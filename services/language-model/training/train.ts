/**
 * Trains the first model. The data stays outside of the project:
 *
 *     node services/language-model/training/train.ts --data DIR
 *
 * DIR holds files of labelled sentences (`0|1`, tab or space, text): stsa.binary.train and custrev.all to learn from,
 * stsa.binary.dev to be measured on. Writes weights/model.bin, weights/model.bin.sha256 and weights/measured.json.
 */
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buckets } from '../src/model/features.ts';
import { decide, decisionFeatures } from '../src/model/decision.ts';
import { goodness } from '../src/model/model.ts';
import { signalsOf } from '../src/model/signals.ts';
import { readWeights, writeWeights, type Weights } from '../src/model/weights-file.ts';
import { fitDecision, type DecisionExample } from './fit-decision.ts';
import { accuracy, fit, random, scoreOf, shuffled, sigmoid } from './fit-sentiment.ts';
import { makeCases, type Case } from './generate-decisions.ts';
import { calibrationError, fitPlatt } from './measures.ts';
import { readExamples, type Example } from './read-examples.ts';

const version = 'ngram-1';
const round = (value: number): number => Number(value.toFixed(4));

const { values } = parseArgs({ options: { data: { type: 'string' }, out: { type: 'string' } } });
const dir = values.data;
const names = ['stsa.binary.train', 'custrev.all', 'stsa.binary.dev'] as const;
const missing = dir === undefined ? undefined : names.find((name) => !existsSync(join(dir, name)));
if (dir === undefined || missing !== undefined) {
  process.stderr.write(dir === undefined ? 'train: say where the data lies: --data DIR\n' : `train: ${missing} is not in the --data directory\n`);
  process.exit(dir === undefined ? 2 : 1);
}

const [sst, reviews, dev] = names.map((name) => readExamples(join(dir, name), name)) as [ReturnType<typeof readExamples>, ReturnType<typeof readExamples>, ReturnType<typeof readExamples>];
// a sixth of the reviews is only measured on; a tenth of the rest only calibrated on
const reviewsMixed = shuffled(reviews.examples, random(7));
const heldOut = reviewsMixed.slice(0, 600);
const rest = shuffled([...sst.examples, ...reviewsMixed.slice(600)], random(11));
const calibration = rest.slice(0, Math.floor(rest.length / 10));
const learned = fit(rest.slice(calibration.length), { l2: 1e-3, rate: 0.2, epochs: 3, smoothing: 1, seed: 1 });

// three standard deviations and a half fit into a byte; what is beyond is cut
let squares = 0;
let used = 0;
for (const weight of learned.weights) if (weight !== 0) { squares += weight * weight; used += 1; }
const scale = (3.5 * Math.sqrt(squares / Math.max(1, used))) / 127;
const quantised = Int8Array.from(learned.weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight / scale))));
const dense = { weights: Float64Array.from(quantised, (weight) => weight * scale), bias: learned.bias };
const platt = fitPlatt(calibration.map(({ features, label }) => ({ score: scoreOf(dense, features), label })));

const draft = { ...readWeights(writeWeights({ version, buckets, scale, bias: learned.bias, platt, decision: [] }, quantised)) };
const exampleOf = (one: Case, weights: Weights): DecisionExample => ({
  features: decisionFeatures(signalsOf(one.text), goodness(weights, one.text), one.facts),
  label: one.label,
});
const decision = fitDecision(makeCases(6000, 3).map((one) => exampleOf(one, draft)), 5);
const bytes = writeWeights({ version, buckets, scale, bias: learned.bias, platt, decision }, quantised);

const eceOf = (examples: readonly Example[]): number =>
  calibrationError(examples.map(({ features, label }) => {
    const good = sigmoid(platt.a * scoreOf(dense, features) + platt.b);
    return { probability: Math.max(good, 1 - good), right: good >= 0.5 === (label === 1) };
  }));
const unseen = makeCases(3000, 4).map((one) => exampleOf(one, draft)).map(({ features, label }) => ({ p: decide(decision, features), label }));
const approvals = unseen.filter(({ p }) => (p[0] ?? 0) >= 0.9);
const measured = {
  version,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
  data: [sst, reviews, dev].map(({ name, sha256, examples }) => ({ name, sha256, sentences: examples.length })),
  sentiment: {
    sst2Dev: { accuracy: round(accuracy(dense, dev.examples)), ece: round(eceOf(dev.examples)), sentences: dev.examples.length },
    reviewsHeldOut: { accuracy: round(accuracy(dense, heldOut)), ece: round(eceOf(heldOut)), sentences: heldOut.length },
  },
  decisionOnGeneratedCases: {
    accuracy: round(unseen.filter(({ p, label }) => p.indexOf(Math.max(...p)) === label).length / unseen.length),
    ece: round(calibrationError(unseen.map(({ p, label }) => ({ probability: Math.max(...p), right: p.indexOf(Math.max(...p)) === label })))),
    approvedAt090: round(approvals.length / unseen.length),
    wronglyApprovedAt090: round(approvals.filter(({ label }) => label !== 0).length / Math.max(1, approvals.length)),
    cases: unseen.length,
  },
};
const out = values.out ?? join(import.meta.dirname, '..', 'weights');
writeFileSync(join(out, 'model.bin'), bytes);
writeFileSync(join(out, 'model.bin.sha256'), `${measured.sha256}  model.bin\n`);
writeFileSync(join(out, 'measured.json'), `${JSON.stringify(measured, undefined, 2)}\n`);
process.stdout.write(`${JSON.stringify(measured, undefined, 2)}\n`);
