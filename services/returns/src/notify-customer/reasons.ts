import type { ReturnRule } from '@orderflow/shared/domain';

/** The rules of the policy in words for customers; what is missing is told by a person only. */
const words: Partial<Record<ReturnRule, string>> = {
  'window-ended': 'the time within which these goods can come back has passed',
  'not-returnable': 'goods of this kind cannot be taken back',
  'final-sale': 'the goods were sold as final sale',
  'quantity-exceeded': 'all of these goods have already come back',
  'nothing-paid': 'everything that was paid for this order has already been refunded',
};

export const politely = (rule: string): string => words[rule as ReturnRule] ?? '';
