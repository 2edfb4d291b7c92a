import type { LanguageModel } from '@orderflow/shared/model';
import { readEncoder } from './encoder-file.ts';
import { encoderModel } from './encoder.ts';
import { onnxHeads } from './onnx-heads.ts';
import { tokensOf } from './tokens.ts';

/**
 * The model in a folder of weights (`encoder.json`, `encoder.onnx`, `tokenizer.json`).
 * @throws Error in one line when they are not whole or not of this program
 */
export async function loadEncoder(folder: string): Promise<LanguageModel> {
  const file = readEncoder(folder);
  const tokens = tokensOf(file.tokenizer);
  return encoderModel(file, tokens, await onnxHeads(file.onnxFile, tokens.pad));
}
