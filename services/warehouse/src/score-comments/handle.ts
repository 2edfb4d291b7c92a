import { sequenceOf } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import type { Clock, Invocation, Log } from '@orderflow/shared/lambda';
import { cleanText, ModelUnusable, mostInstances, redact, type LanguageModel, type MessagesModel, type Prediction } from '@orderflow/shared/model';
import type { Facts } from '@orderflow/shared/workflow';
import * as z from 'zod/mini';
import type { Cell, Warehouse } from '@orderflow/shared/aws';
import { readEach } from './read-each.ts';

export interface ScoreComments {
  readonly warehouse: Warehouse;
  readonly model: LanguageModel | MessagesModel;
  readonly facts: Facts;
  readonly log: Log;
  readonly clock: Clock;
}

/** Comments that have no score yet, or one of the model that is named, oldest first. A row of 64 KB is the API's limit; a text is cut well below. */
const unscored = `SELECT kind, row_key, source, account, comment_text FROM (
  SELECT 'order' AS kind, order_key AS row_key, source, account, LEFT(comment, 2000) AS comment_text, order_date_time AS said_at FROM orders WHERE comment IS NOT NULL AND (sentiment IS NULL OR sentiment_model = :scored_by)
  UNION ALL SELECT 'return', return_key, source, account, LEFT(comment, 2000), return_date FROM returns WHERE comment IS NOT NULL AND (sentiment IS NULL OR sentiment_model = :scored_by)
  UNION ALL SELECT 'feedback', feedback_key, source, account, LEFT(comment, 2000), given_at FROM feedback WHERE comment IS NOT NULL AND (sentiment IS NULL OR sentiment_model = :scored_by)
) comments ORDER BY said_at, row_key LIMIT ${mostInstances}`;

/** Time left of the invocation below which no further batch is begun. */
const reserveMs = 30_000;

/** `scoredBy`: version of a model whose scores are to be made anew, 256 a call, until `{ "scored": 0 }`. */
const request = z.object({ scoredBy: z.optional(z.string().check(z.minLength(1), z.maxLength(128))) });

/**
 * Scores comments Good or Bad in batches and hands the scores to the loader as facts, like everything else that is
 * written to the warehouse. The model gets redacted text only. One batch per invocation is enough to keep up: what was
 * handed over is found scored only after the next load.
 */
export async function handle(input: unknown, deps: ScoreComments, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<{ scored: number }> {
  const { warehouse, model, facts, log } = deps;
  const { scoredBy = '(none)' } = z.parse(request, input);
  const mayGoOn = (): boolean => remainingMs() > reserveMs;
  const rows = mayGoOn() ? await warehouse.query(unscored, { scored_by: scoredBy }) : [];
  if (rows.length === 0) return { scored: 0 };
  try {
    const texts = rows.map((row) => ({ text: cleanText(redact(String(row[4]))).text }));
    const { version = '', predictions } = await readEach(model, texts, mayGoOn);
    const scored = rows.flatMap((row, at) => scoreOf(row, predictions[at], version, deps));
    const unread = rows.length - scored.length;
    if (unread > 0) log.warn('MODEL_FAILED', { reason: 'unread', comments: unread });
    await facts.write(scored);
    log.info('SCORED', { comments: scored.length });
    return { scored: scored.length };
  } catch (error) {
    if (!(error instanceof ModelUnusable)) throw error;
    log.warn('MODEL_FAILED', { reason: error.code });
    return { scored: 0 };
  }
}

function scoreOf([kind, rowKey, source, account]: Cell[], prediction: Prediction | undefined, modelVersion: string, { clock }: ScoreComments): Fact<'comment.scored'>[] {
  if (prediction === undefined) return [];
  const { label, score } = prediction.sentiment;
  const key = String(rowKey);
  const at = new Date(clock()).toISOString();
  return [{
    fact: 'comment.scored', source: String(source), account: String(account), key, sequence: sequenceOf(clock()),
    partitionkey: key.slice(0, 256), recordedAt: at, events: [],
    payload: { of: kind as 'order' | 'return' | 'feedback', key, label, score, modelVersion, at },
  }];
}
