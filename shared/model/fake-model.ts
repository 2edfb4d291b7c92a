import type { Instance, Prediction, Reply } from './contract.ts';
import type { LanguageModel } from './port.ts';

/** Answers what it is told to, for tests; keeps what it was asked. */
export class FakeModel implements LanguageModel {
  readonly asked: Instance[][] = [];
  readonly answer: (instance: Instance) => Prediction;
  failure: Error | undefined;

  constructor(answer: Partial<Prediction> = {}) {
    this.answer = (instance) => ({
      ...(instance.facts === undefined ? {} : { decision: { approve: 0.97, reject: 0.01, review: 0.02 } }),
      reason: { label: 'damaged', score: 0.9 },
      sentiment: { label: 'BAD', score: 0.1 },
      injection: { flagged: false, score: 0.01 },
      ...answer,
    });
  }

  async predict(instances: readonly Instance[]): Promise<Reply> {
    this.asked.push([...instances]);
    if (this.failure) throw this.failure;
    return { model: { version: 'fake-1', sha256: 'f'.repeat(64) }, predictions: instances.map(this.answer) };
  }
}
