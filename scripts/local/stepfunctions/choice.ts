import type { ChoiceRule } from './definition.ts';
import { StateFailure } from './failure.ts';
import { isMoment } from './moment.ts';
import { find, readPath, type Json } from './paths.ts';
import { plainText } from '../plain-text.ts';

type Compare = (left: never, right: never) => boolean;
const order: Readonly<Record<string, Compare>> = {
  Equals: (left, right) => left === right,
  LessThan: (left, right) => left < right,
  LessThanEquals: (left, right) => left <= right,
  GreaterThan: (left, right) => left > right,
  GreaterThanEquals: (left, right) => left >= right,
};

const IS: Readonly<Record<string, (value: Json) => boolean>> = {
  IsNull: (value) => value === null,
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: isMoment,
};

function matches(text: string, pattern: string): boolean {
  const source = pattern.replace(/\\\*|\\\\|\*|[.+?^${}()|[\]\\]/g, (part) => (part === '*' ? '.*' : part.length === 2 ? part : `\\${part}`));
  return new RegExp(`^${source}$`, 's').test(text);
}

function test(operator: string, value: Json, wanted: Json): boolean {
  if (operator === 'StringMatches') return typeof value === 'string' && matches(value, plainText(wanted));
  const [, type, relation] = /^(String|Numeric|Boolean|Timestamp)(Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)$/.exec(operator) ?? [];
  const compare = relation === undefined ? undefined : order[relation];
  if (!compare) throw new StateFailure('States.Runtime', `Choice operator ${operator} is not known`);
  if (type === 'Timestamp') return isMoment(value) && isMoment(wanted) && compare(Date.parse(plainText(value)) as never, Date.parse(plainText(wanted)) as never);
  const kind = { String: 'string', Numeric: 'number', Boolean: 'boolean' }[type as 'String'];
  return typeof value === kind && typeof wanted === kind && compare(value as never, wanted as never);
}

/** Whether a choice rule holds; only `IsPresent` may ask for what is not there. https://states-language.net/spec.html#choice-state */
export function holds(rule: ChoiceRule, input: Json, context: Json): boolean {
  if (rule.And) return rule.And.every((each) => holds(each, input, context));
  if (rule.Or) return rule.Or.some((each) => holds(each, input, context));
  if (rule.Not) return !holds(rule.Not, input, context);
  const at = (path: string): [Json, string] => (path.startsWith('$$') ? [context, path.slice(1)] : [input, path]);
  const valueAt = (path: string): Json => {
    const found = find(...at(path));
    if (found === undefined) throw new StateFailure('States.Runtime', `Invalid path '${path}': The choice state's condition path references an invalid value.`);
    return found;
  };
  const path = rule.Variable ?? '$';
  const [operator = '', wanted] = Object.entries(rule).find(([name]) => name !== 'Variable' && name !== 'Next' && name !== 'Comment') ?? [];
  if (operator === 'IsPresent') return (find(...at(path)) !== undefined) === wanted;
  const is = IS[operator];
  if (is) return is(valueAt(path)) === wanted;
  return operator.endsWith('Path') ? test(operator.slice(0, -4), valueAt(path), valueAt(String(wanted))) : test(operator, valueAt(path), wanted as Json);
}

const OPERATOR = /^(StringMatches|(String|Numeric|Timestamp)(Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)(Path)?|BooleanEquals(Path)?|Is(Null|Present|Numeric|String|Boolean|Timestamp))$/;

/** Why a choice rule is not taken; only an outermost one has a `Next`. */
export function choiceProblem(rule: unknown, outermost = false): string | undefined {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return 'A choice rule must be an object';
  const { Comment: _comment, Next: next, ...rest } = rule as Record<string, unknown>;
  if (outermost ? typeof next !== 'string' : next !== undefined) return outermost ? "The field 'Next' is required" : "The field 'Next' is only allowed in the outermost rule";
  const names = Object.keys(rest);
  const logical = names.find((name) => name === 'And' || name === 'Or' || name === 'Not');
  if (logical !== undefined) {
    if (names.length > 1) return `${logical} stands alone in its rule`;
    const inner = logical === 'Not' ? [rest[logical]] : rest[logical];
    if (!Array.isArray(inner) || inner.length === 0) return `${logical} must hold at least one rule`;
    return inner.map((each) => choiceProblem(each)).find((problem) => problem !== undefined);
  }
  if (typeof rest['Variable'] !== 'string') return "The field 'Variable' is required";
  try {
    readPath(rest['Variable']);
  } catch (error) {
    return (error as Error).message;
  }
  const operators = names.filter((name) => name !== 'Variable');
  const [operator = ''] = operators;
  return operators.length === 1 && OPERATOR.test(operator) ? undefined : `A choice rule must have exactly one known operator, not ${operators.join(', ') || 'none'}`;
}
