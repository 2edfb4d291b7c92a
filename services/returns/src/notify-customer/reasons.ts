import type { ReturnRule } from '@orderflow/shared/domain';

/**
 * The rules of the policy in words for customers. `undefined`: such a return waits for a person, whose own words the
 * customer is told; least of all that there is a suspicion.
 */
const words: Readonly<Record<ReturnRule, string | undefined>> = {
  'window-ended': 'the time within which these goods can come back has passed',
  'not-returnable': 'goods of this kind cannot be taken back',
  'final-sale': 'the goods were sold as final sale',
  'quantity-exceeded': 'all of these goods have already come back',
  'nothing-paid': 'everything that was paid for this order has already been refunded',
  'within-policy': undefined,
  'order-not-linked': undefined,
  'no-lines': undefined,
  'line-unknown': undefined,
  'delivery-unknown': undefined,
  'over-cap': undefined,
  'currency-mismatch': undefined,
  'hold-fraud': undefined,
  'hold-repeated': undefined,
  'hold-repeat-returner': undefined,
  'details-unknown': undefined,
  'refund-refused': undefined,
};

/** Words for a rule; none where the customer is not told it. */
export const politely = (rule: string): string | undefined => (Object.hasOwn(words, rule) ? words[rule as ReturnRule] : undefined);
