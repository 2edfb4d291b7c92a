import { sequenceOf } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import type { Clock, Invocation, Log } from '@orderflow/shared/lambda';
import { cleanText, ModelUnusable, mostInstances, redact, type LanguageModel, type MessagesModel } from '@orderflow/shared/model';
import type { Facts } from '@orderflow/shared/workflow';
import type { Warehouse } from '../load/data-api.ts';

export interface ScoreComments {
  readonly warehouse: Warehouse;
  readonly model: LanguageModel | MessagesModel;
  readonly facts: Facts;
  readonly log: Log;
  readonly clock: Clock;
}

/** Comments that have no score yet, oldest first. A row of 64 KB is the API's limit; a text is cut well below. */
const unscored = `SELECT kind, row_key, source, account, comment_text FROM (
  SELECT 'order' AS kind, order_key AS row_key, source, account, LEFT(comment, 2000) AS comment_text, order_date_time AS said_at FROM orders WHERE comment IS NOT NULL AND sentiment IS NULL
  UNION ALL SELECT 'return', return_key, source, account, LEFT(comment, 2000), return_date FROM returns WHERE comment IS NOT NULL AND sentiment IS NULL
  UNION ALL SELECT 'feedback', feedback_key, source, account, LEFT(comment, 2000), given_at FROM feedback WHERE comment IS NOT NULL AND sentiment IS NULL
) comments ORDER BY said_at, row_key LIMIT ${mostInstances}`;

/** Time left of the invocation below which no further batch is begun. */
const reserveMs = 30_000;

/**
 * Scores comments Good or Bad in batches and hands the scores to the loader as facts, like everything else that is
 * written to the warehouse. The model gets redacted text only. One batch per invocation is enough to keep up: what was
 * handed over is found scored only after the next load.
 */
export async function handle(_input: unknown, deps: ScoreComments, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<{ scored: number }> {
  const { warehouse, model, facts, log, clock } = deps;
  const rows = remainingMs() > reserveMs ? await warehouse.query(unscored) : [];
  if (rows.length === 0) return { scored: 0 };
  const now = new Date(clock()).toISOString();
  try {
    const texts = rows.map((row) => ({ text: cleanText(redact(String(row[4]))).text }));
    // where a model answers text by text, one that it cannot read holds up no other
    const { model: { version }, predictions } = await ('predictEach' in model ? model.predictEach(texts) : model.predict(texts));
    const scored = rows.flatMap(([kind, key, source, account], at): Fact<'comment.scored'>[] => {
      const sentiment = predictions[at]?.sentiment;
      if (!sentiment) return [];
      const { label, score } = sentiment;
      return [{
        fact: 'comment.scored', source: String(source), account: String(account), key: String(key), sequence: sequenceOf(clock()),
        partitionkey: String(key).slice(0, 256), recordedAt: now, events: [],
        payload: { of: kind as 'order' | 'return' | 'feedback', key: String(key), label, score, modelVersion: version, at: now },
      }];
    });
    await facts.write(scored);
    log.info('SCORED', { comments: scored.length });
    return { scored: scored.length };
  } catch (error) {
    if (!(error instanceof ModelUnusable)) throw error;
    log.warn('MODEL_FAILED', { reason: error.code });
    return { scored: 0 };
  }
}
