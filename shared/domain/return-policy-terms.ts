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

/** Of each condition of a rule what of it a line meets, such as `category:Books`; `undefined` where it does not meet it. */
function metBy({ categories, sellers, countries, accounts }: PolicyRule, line: TermsOf): (string | undefined)[] {
  const met = (kind: string, condition: readonly string[] | undefined, ...values: readonly (string | undefined)[]): (string | undefined)[] => {
    if (condition === undefined) return [];
    const one = condition.find((name) => values.some((value) => value !== undefined && name.toLowerCase() === value.toLowerCase()));
    return [one && `${kind}:${one}`];
  };
  return [
    ...met('category', categories, line.category), ...met('seller', sellers, line.seller), ...met('country', countries, line.country),
    ...met('account', accounts, line.account, line.account?.split(':')[0]),
  ];
}

/** A value of the policy, and the rule that it is from: its name, else what it asks that the line meets, else `everything`. */
export interface Term<T> {
  readonly value: T;
  readonly source: string;
}

/**
 * What the policy says of a line, field by field: of the rules that fit, the one with the most conditions; of equals, the
 * later one. What the catalogue says of the category counts as a rule that names it, before all others of the file.
 */
export function termsOf(policy: ReturnPolicy, line: TermsOf) {
  const catalogue: PolicyRule[] = line.returnByDays === undefined || line.category === undefined ? [] : [{ name: `catalogue:${line.category}`.slice(0, 128), categories: [line.category], windowDays: line.returnByDays }];
  const bySpecificity = [...catalogue, ...policy.rules].map((rule, at) => ({ rule, at, met: metBy(rule, line) })).filter(({ met }) => !met.includes(undefined))
    .sort((a, b) => b.met.length - a.met.length || b.at - a.at);
  return function term<T>(pick: (rule: PolicyRule) => T | undefined): Term<T> | undefined {
    for (const { rule, met } of bySpecificity) {
      const value = pick(rule);
      if (value !== undefined) return { value, source: rule.name ?? (met.join(' · ').slice(0, 128) || 'everything') };
    }
    return undefined;
  };
}
