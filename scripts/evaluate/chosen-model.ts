import { Budget, httpInvoke, messagesModel, readReply, type LanguageModel, type Prediction } from '@orderflow/shared/model';
import { loadEncoder } from '../../services/language-model/src/model/load-encoder.ts';

/** What a person would be asked about: the reading of a text that the model said nothing usable of. */
const unread: Prediction = {
  decision: { approve: 0, reject: 0, review: 1 }, reason: { label: 'other', score: 0 }, sentiment: { label: 'BAD', score: 0.5 }, injection: { flagged: false, score: 0 },
};

function generative(url: string, name: string): LanguageModel {
  const free = new Budget({ promptPrice: 0, completionPrice: 0 }, { perDay: 1, perBatch: 1 }, Date.now);
  const model = messagesModel(httpInvoke(url), { model: { version: name, sha256: '0'.repeat(64) }, budget: free, deadlineMs: 3_600_000, concurrency: 8 });
  return {
    async predict(instances) {
      const said = await model.predictEach(instances);
      return { model: said.model, predictions: said.predictions.map((one) => one ?? unread) };
    },
  };
}

/** A server of the container's contract. */
const served = (url: string): LanguageModel => ({
  async predict(instances) {
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ instances }) });
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
    return readReply(new Uint8Array(await answer.arrayBuffer()), instances);
  },
});

export interface Choice {
  readonly weights?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly messages?: string | undefined;
  readonly model?: string | undefined;
}

/** The model to be judged: in this process from its weights, or behind a URL. @throws Error when it cannot be loaded */
export async function chosenModel({ weights, endpoint, messages, model }: Choice, committed: string): Promise<LanguageModel> {
  if (messages !== undefined) return generative(messages, model ?? 'model');
  return endpoint === undefined ? loadEncoder(weights ?? committed) : served(endpoint);
}
