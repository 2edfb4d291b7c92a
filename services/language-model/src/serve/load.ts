import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LanguageModel } from '@orderflow/shared/model';
import { loadEncoder } from '../model/load-encoder.ts';
import { predict } from '../model/model.ts';
import { readWeights } from '../model/weights-file.ts';

/**
 * The model whose weights stand in a folder: the encoder, or the n-grams before it.
 * @throws Error in one line when they are not whole or not of this program
 */
export async function loadModel(folder: string): Promise<LanguageModel> {
  if (existsSync(join(folder, 'encoder.json'))) return loadEncoder(folder);
  const weights = readWeights(readFileSync(join(folder, 'model.bin')));
  return { predict: async (instances) => ({ model: { version: weights.version, sha256: weights.sha256 }, predictions: instances.map((one) => predict(weights, one)) }) };
}
