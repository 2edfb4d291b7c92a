import type { PolicyRule, ReturnPolicy } from './return-policy-schema.ts';

/** What conditions of rules are held against. */
export interface TermsOf {
  readonly category?: string | undefined;
  readonly seller?: string | undefined;
  /** ISO 3166. */
  readonly country?: string | undefined;
  /** `<source>:<account>` */
  readonly account?: string | undefined;
  /** Days that the catalogue names for the category (RETURN_BY_DAYS). */
  readonly returnByDays?: number | undefined;
}

const holds = (condition: readonly string[] | undefined, ...values: readonly (string | undefined)[]): boolean =>
  condition === undefined || condition.some((one) => values.some((value) => value !== undefined && one.toLowerCase() === value.toLowerCase()));

const fits = ({ categories, sellers, countries, accounts }: PolicyRule, line: TermsOf): boolean =>
  holds(categories, line.category) && holds(sellers, line.seller) && holds(countries, line.country) && holds(accounts, line.account, line.account?.split(':')[0]);

const conditionsOf = ({ categories, sellers, countries, accounts }: PolicyRule) => [categories, sellers, countries, accounts].filter((one) => one !== undefined);

/** What decisions cite: its name, or its conditions. */
const nameOf = (rule: PolicyRule): string => rule.name ?? (conditionsOf(rule).map((names) => names.join(', ')).join(' · ').slice(0, 128) || 'everything');

/** A value of the policy, and the rule that it is from. */
export interface Term<T> {
  readonly value: T;
  readonly source: string;
}

/**
 * What the policy says of a line, field by field: of the rules that fit, the one with the most conditions; of equals, the
 * later one. What the catalogue says of the category counts as a rule that names it, before all others of the file.
 */
export function termsOf(policy: ReturnPolicy, line: TermsOf) {
  const catalogue: PolicyRule[] = line.returnByDays === undefined || line.category === undefined ? [] : [{ name: 'catalogue', categories: [line.category], windowDays: line.returnByDays }];
  const fitting = [...catalogue, ...policy.rules].filter((rule) => fits(rule, line));
  const bySpecificity = fitting.map((rule, at) => ({ rule, at })).sort((a, b) => conditionsOf(b.rule).length - conditionsOf(a.rule).length || b.at - a.at).map(({ rule }) => rule);
  return function term<T>(pick: (rule: PolicyRule) => T | undefined): Term<T> | undefined {
    for (const rule of bySpecificity) {
      const value = pick(rule);
      if (value !== undefined) return { value, source: nameOf(rule) };
    }
    return undefined;
  };
}
