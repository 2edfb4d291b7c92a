import { Tokenizer } from '@huggingface/tokenizers';

export interface Tokens {
  readonly cls: number;
  readonly sep: number;
  readonly pad: number;
  /** Word pieces of a text, without special tokens. */
  idsOf(text: string): number[];
}

/** The tokenizer of a `tokenizer.json`. @throws Error when it lacks a special token */
export function tokensOf(file: object): Tokens {
  const tokenizer = new Tokenizer(file, {});
  const special = (token: string): number => {
    const id = tokenizer.token_to_id(token);
    if (id === undefined) throw new Error(`tokenizer.json has no ${token}`);
    return id;
  };
  return {
    cls: special('[CLS]'),
    sep: special('[SEP]'),
    pad: special('[PAD]'),
    // special tokens are upper case: in lower case "[SEP]" in a customer's text stays text, whatever it was meant for
    idsOf: (text) => tokenizer.encode(text.toLowerCase(), { add_special_tokens: false }).ids,
  };
}
