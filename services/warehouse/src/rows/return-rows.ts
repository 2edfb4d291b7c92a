import { composeKey } from '@orderflow/shared/events';
import { markOf } from '@orderflow/shared/facts';
import { optionalDecimal } from './money.ts';
import { productKey } from './order-rows.ts';
import { add, type FactOf, type Rows } from './rows.ts';
import { group, versionOf } from './version.ts';

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** A return, its lines and the audit of its decision. */
export function returnRows(fact: FactOf<'return.settled'>): Rows {
  const { payload } = fact;
  const { decision, refund, sentiment, sequence } = payload;
  const asked = payload.return;
  const of = { source: payload.source, account: payload.account };
  const key = composeKey(of.source, of.account, asked.id);
  const currency = asked.currency ?? refund.currency;
  const rows: Rows = {};
  const content = {
    ...of, return_id: asked.id, order_key: asked.orderKey ?? null,
    customer_key: asked.customerId === undefined ? null : composeKey(of.source, of.account, asked.customerId),
    store_key: asked.store ? composeKey(of.source, of.account, asked.store.id) : null, return_date: asked.requestedAt,
    reason: asked.reason ?? null, reason_category: payload.reasonCategory ?? null, comment: asked.comment ?? null, currency: currency ?? null,
    amount: optionalDecimal(asked.amount ?? asked.decided?.amount, currency), decision: decision.outcome,
    request_accepted: decision.outcome === 'APPROVED' || decision.outcome === 'PARTIAL', decided_by: decision.by, decided_at: decision.at,
    refund_status: refund.status, refund_amount: optionalDecimal(refund.amount, refund.currency ?? currency),
    processing_fee: optionalDecimal(refund.fee ?? decision.fee, refund.currency ?? currency), seller_refund: optionalDecimal(refund.sellerRefund, refund.currency ?? currency),
    is_test: fact.test ?? asked.test ?? false, is_historical: fact.historical ?? asked.historical ?? false,
  };
  const version = versionOf(sequence, { ...content, lines: JSON.stringify(asked.lines) }, { group: 'decision', status: decision.outcome });
  add(rows, 'returns', {
    return_key: key, ...content, return_version: version,
    ...(sentiment ? group('sentiment', sequence, { sentiment: sentiment.label, sentiment_score: sentiment.score, sentiment_model: sentiment.modelVersion }) : {}),
  });
  if (asked.store) add(rows, 'store', { store_key: content.store_key, ...of, store_id: asked.store.id, ...(asked.store.name === undefined ? {} : group('name', `0${sequence}`, { name: asked.store.name })) });
  for (const [at, line] of asked.lines.entries()) {
    add(rows, 'return_line', {
      return_key: key, line_id: line.id ?? String(at + 1), order_key: asked.orderKey ?? null, order_line_id: line.lineId ?? null, ...of,
      line_class: line.class ?? 'product', product_key: productKey(of, line), sku: line.sku ?? null, name: line.name ?? null,
      quantity_returned: line.quantity, refund_amount: optionalDecimal(line.amount, currency), currency: currency ?? null,
      return_date: asked.requestedAt, return_version: version,
    });
  }
  // a correction of what was asked does not decide anew
  if (markOf(sequence) !== '' && decision.by !== 'source') return rows;
  add(rows, 'model_decision', {
    return_key: key, decided_at: decision.at, outcome: decision.outcome, ...group('decision', sequence, { decided_by: decision.by, rule_name: decision.rule, rule_source: decision.ruleSource ?? null, seller_charges: json(decision.sellerCharges),
    amount: optionalDecimal(decision.amount, currency), fee: optionalDecimal(decision.fee, currency), model_version: decision.modelVersion ?? null,
    model_sha256: decision.modelSha256 ?? null, policy_version: decision.policyVersion ?? null, features: json(decision.features),
    text_sha256: decision.textSha256 ?? null, probabilities: json(decision.probabilities), thresholds: json(decision.thresholds),
    reviewer: decision.reviewer ?? null, is_override: decision.override ?? null, review_reason: decision.reviewReason ?? null, shadow: json(decision.shadow),
    }),
  });
  return rows;
}
