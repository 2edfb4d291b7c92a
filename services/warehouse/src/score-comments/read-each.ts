import { ModelUnusable, type Instance, type LanguageModel, type MessagesModel, type Prediction } from '@orderflow/shared/model';

/** Predictions in the order of the texts; `undefined` where there was none. */
export interface ReadEach {
  /** Of the model that answered; absent where nothing was. */
  readonly version?: string;
  readonly predictions: readonly (Prediction | undefined)[];
}

/** What lies in the texts and not in the endpoint: another cut may pass. */
const isOfTheTexts = (error: unknown): error is ModelUnusable => error instanceof ModelUnusable && ['refused', 'bad-answer', 'too-long', 'timeout'].includes(error.code);

/**
 * Reads texts so that none holds up another: a model that answers text by text is asked so; of a batch without a usable
 * answer the halves are asked, down to the text that is at fault.
 * @param mayGoOn false: what is not read yet stays unread
 * @throws ModelUnusable where the endpoint itself does not answer
 */
export async function readEach(model: LanguageModel | MessagesModel, texts: readonly Instance[], mayGoOn: () => boolean): Promise<ReadEach> {
  try {
    const { model: { version }, predictions } = await ('predictEach' in model ? model.predictEach(texts) : model.predict(texts));
    return { version, predictions };
  } catch (error) {
    if (!isOfTheTexts(error)) throw error;
    if (texts.length === 1 || !mayGoOn()) return { predictions: texts.map(() => undefined) };
    const middle = Math.ceil(texts.length / 2);
    const first = await readEach(model, texts.slice(0, middle), mayGoOn);
    const second = await readEach(model, texts.slice(middle), mayGoOn);
    const version = first.version ?? second.version;
    return { ...(version === undefined ? {} : { version }), predictions: [...first.predictions, ...second.predictions] };
  }
}
