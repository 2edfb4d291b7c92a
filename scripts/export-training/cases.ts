import { createHash } from 'node:crypto';
import type { Row } from '@orderflow/shared/aws';
import { cleanText, redact, returnFacts } from '@orderflow/shared/model';

/** Every request that a person answered, with what the model had said of it and what personal data has to be taken out. */
export const reviewedSql = `SELECT d.return_key, d.outcome, d.features, d.probabilities, d.model_version, d.policy_version,
  r.comment, r.reason, c.name, c.address_line, c.city, COALESCE(o.ship_country, c.country) AS country, k.category
FROM model_decision d
JOIN returns r ON r.return_key = d.return_key
LEFT JOIN orders o ON o.order_key = r.order_key
LEFT JOIN customer c ON c.customer_key = COALESCE(r.customer_key, o.customer_key)
LEFT JOIN (
  SELECT l.return_key, MIN(g.name) AS category
  FROM return_line l JOIN product p ON p.product_key = l.product_key JOIN category g ON g.category_key = p.category_key
  GROUP BY l.return_key
) k ON k.return_key = d.return_key
WHERE d.decided_by = 'person' AND d.decided_at >= CAST(:from_day AS TIMESTAMP) AND d.decided_at < CAST(:to_day AS TIMESTAMP) AND NOT COALESCE(r.is_test, FALSE)
ORDER BY d.decided_at, d.return_key`;

/** A case in the form of services/language-model/evaluation/cases.jsonl; what no person said is null. */
export interface ReviewedCase {
  readonly id: string;
  readonly text: string;
  readonly reason?: string;
  readonly facts: Readonly<Record<string, number>>;
  readonly category: string;
  readonly country: string;
  readonly expect: { readonly decision: 'approve' | 'reject' | 'review'; readonly reason: null; readonly sentiment: null; readonly injection: null };
  /** What the model had said, for comparison. */
  readonly model: { readonly version: string; readonly approve: number } | null;
}

/** In part: the machine alone would have given all of it, so a person had to look. */
const labels: Readonly<Record<string, ReviewedCase['expect']['decision']>> = { APPROVED: 'approve', REJECTED: 'reject', PARTIAL: 'review' };

const text = (row: Row, name: string): string | undefined => (typeof row[name] === 'string' && row[name] !== '' ? row[name] : undefined);

function numbers(json: string | undefined): Record<string, number> {
  const value: unknown = JSON.parse(json ?? '{}');
  return Object.fromEntries(Object.entries(value as object).filter(([, one]) => typeof one === 'number' && Number.isFinite(one)));
}

/**
 * One answered request as a case; undefined where there are no words (a code alone, or a customer who was erased).
 * The words are redacted once more, by what the customer is known by today; its id tells nobody which return it was.
 */
export function caseOf(row: Row): ReviewedCase | undefined {
  const decision = labels[text(row, 'outcome') ?? ''];
  const known = ['name', 'address_line', 'city'].map((name) => text(row, name));
  const comment = redact(cleanText(text(row, 'comment') ?? '').text, known);
  if (decision === undefined || !/\p{L}{2}/u.test(comment)) return undefined;
  const reason = redact(cleanText(text(row, 'reason') ?? '').text, known).slice(0, 512);
  const features = numbers(text(row, 'features'));
  const approve = numbers(text(row, 'probabilities'))['approve'];
  const version = text(row, 'model_version');
  return {
    id: createHash('sha256').update(text(row, 'return_key') ?? '').digest('hex').slice(0, 16),
    text: comment,
    ...(reason === '' ? {} : { reason }),
    facts: Object.fromEntries(Object.keys(returnFacts.shape).flatMap((name) => (features[name] === undefined ? [] : [[name, features[name]]]))),
    category: text(row, 'category') ?? '',
    country: text(row, 'country') ?? '',
    expect: { decision, reason: null, sentiment: null, injection: null },
    model: version === undefined || approve === undefined ? null : { version, approve },
  };
}
