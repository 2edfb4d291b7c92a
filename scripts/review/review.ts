import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { formatMoney } from '@orderflow/shared/notices';
import * as z from 'zod/mini';
import type { ReviewOptions } from './options.ts';

const waiting = z.object({
  waiting: z.array(
    z.object({
      returnId: z.string(),
      pk: z.string(),
      askedAt: z.optional(z.string()),
      asked: z.optional(z.int()),
      rule: z.string(),
      amount: z.optional(z.number()),
      currency: z.optional(z.string()),
      opinion: z.optional(z.number()),
      reason: z.optional(z.string()),
      comment: z.optional(z.string()),
    }),
  ),
});
type Waiting = z.infer<typeof waiting>['waiting'][number];

const answered = z.object({
  outcome: z.string(),
  message: z.optional(z.string()),
  answer: z.optional(z.object({ outcome: z.string(), amount: z.number(), reviewer: z.string(), at: z.string() })),
});

type Print = (line: string) => void;

const line = (one: Waiting): string =>
  [
    `${one.returnId}  order ${one.pk}  asked ${one.askedAt ?? '-'}${(one.asked ?? 1) > 1 ? `, ${one.asked} times` : ''}`,
    `    ${one.amount === undefined || !one.currency ? 'amount unknown' : formatMoney(one.amount, one.currency)}  why: ${one.rule}` +
      (one.opinion === undefined ? '' : `  model: approve ${one.opinion.toFixed(2)}`),
    ...(one.reason || one.comment ? [`    ${[one.reason, one.comment].filter(Boolean).join(' — ')}`] : []),
  ].join('\n');

/** @returns the exit status: 0; 1 when the stage cannot be reached or the answer was not recorded */
export async function review(options: ReviewOptions, client: Pick<LambdaClient, 'send'>, out: Print, note: Print): Promise<number> {
  const { stage, action, id, amount, reason, reviewer } = options;
  const FunctionName = `orderflow-returns-${stage}-record-review`;
  const ask = async (input: object): Promise<unknown> => {
    const reply = await client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(input)) }));
    if (reply.FunctionError !== undefined) throw new Error(`${FunctionName} failed; its log says why`);
    return JSON.parse(Buffer.from(reply.Payload ?? []).toString('utf8')) as unknown;
  };
  try {
    if (action === 'list' || options.order === undefined) {
      const all = z.parse(waiting, await ask({ list: true })).waiting;
      if (action === 'list') {
        for (const one of all) out(line(one));
        note(all.length === 0 ? 'no return waits for a person' : `${all.length} waiting`);
        return 0;
      }
      const fitting = all.filter((one) => one.returnId === id);
      if (fitting.length !== 1) {
        note(`review: ${fitting.length === 0 ? `no return ${id} waits for a person` : `several returns are called ${id}`}; say --order KEY as the notice does`);
        return 1;
      }
      options = { ...options, order: fitting[0]?.pk };
    }
    const result = z.parse(answered, await ask({ pk: options.order, returnId: id, decision: action, reviewer, ...(amount === undefined ? {} : { amount }), ...(reason ? { reason } : {}) }));
    if (result.outcome === 'recorded') {
      out(`${id}: ${result.answer?.outcome ?? ''} recorded`);
      return 0;
    }
    note(`review: ${result.answer ? `${id} was answered before: ${result.answer.outcome} by ${result.answer.reviewer} at ${result.answer.at}` : (result.message ?? result.outcome)}`);
    return 1;
  } catch (error) {
    note(`review: ${stage === 'local' ? 'is the local cloud running (npm start)? ' : ''}${error instanceof Error ? error.message : 'unknown'}`);
    return 1;
  }
}
