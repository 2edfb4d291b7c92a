import { bearsAttackMarks, cleanText, type Instance, type LanguageModel, type Reply } from '@orderflow/shared/model';
import { batchesOf } from './batches.ts';
import { combine } from './combine.ts';
import type { About } from './encoder-file.ts';
import { factsVector } from './facts-vector.ts';
import type { Heads, Logits, Row } from './heads.ts';
import { probabilitiesOf } from './probabilities.ts';
import { TooMuchText } from './refusals.ts';
import type { Tokens } from './tokens.ts';
import { windowsOf } from './windows.ts';

/** Rows of one run of the network. On one core more at once are no faster, and 32 of them take 200 MB where 4 take 20. */
const mostRows = 4;
/** Windows of one request: half a minute's work of one core, more than 256 texts of 2,000 ordinary characters need. */
const mostWindows = 4_096;

/** What is asked of an instance: its windows, the facts beside them, and what needs no network. */
function read(instance: Instance, about: About, tokens: Tokens) {
  const { text, cut } = cleanText(instance.text);
  const reason = cleanText(instance.reason ?? '').text;
  return {
    windows: windowsOf(tokens, reason, text, about.maxTokens),
    facts: factsVector(about.facts, instance.facts),
    known: { decide: instance.facts !== undefined, cut, marked: bearsAttackMarks(text, reason), injectionAt: about.injectionAt },
  };
}

/** What the network says of every row, in their order. */
async function runInBatches(heads: Heads, rows: readonly Row[]): Promise<ReadonlyMap<Row, Logits>> {
  const said = new Map<Row, Logits>();
  for (const batch of batchesOf(rows, ({ window }) => window.ids.length, mostRows)) {
    const logits = await heads.run(batch);
    for (const [at, row] of batch.entries()) if (logits[at]) said.set(row, logits[at]);
  }
  return said;
}

/**
 * The model over a network: cleans, cuts into windows, runs them in batches, calibrates and puts together.
 * `predict` @throws TooMuchText, NotFinite
 */
export function encoderModel(about: About & { readonly sha256: string }, tokens: Tokens, heads: Heads): LanguageModel {
  return {
    async predict(instances): Promise<Reply> {
      const asked = instances.map((instance) => {
        const { windows, facts, known } = read(instance, about, tokens);
        return { rows: windows.map((window): Row => ({ window, facts })), known };
      });
      const rows = asked.flatMap((one) => one.rows);
      if (rows.length > mostWindows) throw new TooMuchText(mostWindows);
      const said = await runInBatches(heads, rows);
      const partOf = (row: Row) => {
        const logits = said.get(row);
        if (!logits) throw new Error('the network left a row without an answer');
        return { said: probabilitiesOf(logits, about.calibration), textTokens: row.window.textTokens };
      };
      return { model: { version: about.version, sha256: about.sha256 }, predictions: asked.map((one) => combine(one.rows.map(partOf), one.known)) };
    },
  };
}
