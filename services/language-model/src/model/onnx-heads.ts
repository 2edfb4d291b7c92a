import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Heads, Logits, Row } from './heads.ts';

const sizes = { decision: 3, reason: 10, sentiment: 1, injection: 1 } as const;
type Output = keyof typeof sizes;

/** Rows as the four tensors of a batch, each row filled with `pad` to the longest. */
function feedsOf(rows: readonly Row[], pad: number): Record<string, Tensor> {
  const length = Math.max(...rows.map(({ window }) => window.ids.length));
  const shape = [rows.length, length];
  const ids = new BigInt64Array(rows.length * length).fill(BigInt(pad));
  const mask = new BigInt64Array(ids.length);
  const types = new BigInt64Array(ids.length);
  for (const [at, { window }] of rows.entries()) {
    const start = at * length;
    for (const [offset, id] of window.ids.entries()) ids[start + offset] = BigInt(id);
    mask.fill(1n, start, start + window.ids.length);
    types.fill(1n, start + window.secondFrom, start + window.ids.length);
  }
  const facts = Float32Array.from(rows.flatMap((row) => row.facts));
  return {
    input_ids: new Tensor('int64', ids, shape), attention_mask: new Tensor('int64', mask, shape), token_type_ids: new Tensor('int64', types, shape),
    facts: new Tensor('float32', facts, [rows.length, facts.length / rows.length]),
  };
}

/**
 * The network in ONNX Runtime, on one thread: a request is never faster at another's cost, and a container with one core is
 * enough. @throws Error when the file is not a network with these outputs
 */
export async function onnxHeads(file: string, pad: number): Promise<Heads> {
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', logSeverityLevel: 3,
    // a pattern is kept for every shape that was ever seen
    enableMemPattern: false,
  });
  return {
    async run(rows) {
      const answer = await session.run(feedsOf(rows, pad));
      const rowsOf = (name: Output): number[][] => {
        const tensor = answer[name];
        const size = sizes[name];
        if (tensor?.data.length !== rows.length * size) throw new Error(`the network's output ${name} is not of the size ${rows.length} × ${size}`);
        const data = Array.from(tensor.data as Float32Array);
        return rows.map((_, at) => data.slice(at * size, (at + 1) * size));
      };
      const [decision, reason, sentiment, injection] = [rowsOf('decision'), rowsOf('reason'), rowsOf('sentiment'), rowsOf('injection')];
      return rows.map((_, at): Logits => ({
        decision: decision[at] ?? [], reason: reason[at] ?? [], sentiment: sentiment[at]?.[0] ?? Number.NaN, injection: injection[at]?.[0] ?? Number.NaN,
      }));
    },
  };
}
