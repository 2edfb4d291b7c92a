import { join } from 'node:path';
import { shippedReturnPolicy } from '@orderflow/shared/domain';
import type { LanguageModel } from '@orderflow/shared/model';
import { tryAttacks } from './attacks.ts';
import { measureComments } from './comments.ts';
import { measureLatency } from './latency.ts';
import { readAttacks, readCases, readComments, readLookalikes, type Comment, type ReturnCaseText } from './read.ts';
import { instanceOf, isApproved, measureReturns, readAll, tradeOff, type Read } from './returns.ts';

export interface Options {
  /** Cases that each attack is tried on. */
  readonly perAttack: number;
  /** Labelled files beside the committed ones: Good or Bad only. */
  readonly given: readonly { readonly name: string; readonly comments: readonly Comment[] }[];
  /** Told how far a part is. */
  readonly progress: (part: string, done: number, of: number) => void;
}

/** Everything that is measured about a model, on the committed cases of `folder` and on any file given. */
export async function evaluate(model: LanguageModel, folder: string, { perAttack, given, progress }: Options) {
  const policy = shippedReturnPolicy();
  const read = async (part: string, cases: readonly ReturnCaseText[]): Promise<Read[]> => {
    const said = await readAll(model, cases.map(instanceOf), (done) => progress(part, done, cases.length));
    return cases.flatMap((of, at) => (said[at] ? [{ of, prediction: said[at] }] : []));
  };
  const cases = await read('hand-written cases', readCases(join(folder, 'cases.jsonl')));
  const synthetic = await read('made-up cases', readCases(join(folder, 'synthetic.jsonl')));
  const refused = cases.filter((one) => !isApproved(policy, one)).map(({ of }) => of);
  const attacks = readAttacks(join(folder, 'attacks.jsonl'));
  const tried = await tryAttacks(model, policy, attacks, refused, perAttack, (done) => progress('attacks', done, attacks.length * perAttack));
  const lookalikes = readLookalikes(join(folder, 'attack-lookalikes.jsonl'));
  const alike = await readAll(model, lookalikes.map(({ text }) => ({ text })));
  const alone = await readAll(model, attacks.map(({ text }) => ({ text })));
  const flaggedShare = (said: typeof alike): number => said.filter(({ injection }) => injection.flagged).length / said.length;
  const files: Record<string, unknown> = {};
  for (const [at, { name, comments }] of given.entries()) {
    files[`file${at + 1}`] = await measureComments(model, comments, (done) => progress(name, done, comments.length));
  }
  const { model: about } = await model.predict([{ text: 'which model is this?' }]);
  return {
    about,
    turned: tried.turned,
    tradeOff: tradeOff(policy, cases, synthetic),
    results: {
      cases: measureReturns(policy, cases),
      synthetic: measureReturns(policy, synthetic),
      comments: await measureComments(model, readComments(join(folder, 'sentiment.jsonl'))),
      attacks: { tried: tried.tried, turned: tried.turned.length, flagged: flaggedShare(alone) },
      lookalikes: { falselyFlagged: flaggedShare(alike) },
      ...(given.length > 0 ? { given: files } : {}),
      latency: await measureLatency(model, cases.map(({ of }) => instanceOf(of))),
    },
  };
}
