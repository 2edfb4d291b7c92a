import { arnPattern, MalformedPolicy, textPattern } from './wildcard.ts';

/** What a condition may ask about a call: a key's values, undefined where the call has none. Keys in lower case. */
export type Context = (key: string) => readonly string[] | undefined;

export type Condition = (context: Context) => boolean;

/**
 * Keys that calls here carry. A policy with another one is refused: on AWS the key might be there, and nobody would learn
 * that it never is here. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const KEYS: ReadonlySet<string> = new Set([
  'aws:currenttime', 'aws:epochtime', 'aws:principalaccount', 'aws:principalarn', 'aws:principalisawsservice', 'aws:principalservicename', 'aws:principaltype',
  'aws:requestedregion', 'aws:securetransport', 'aws:sourceaccount', 'aws:sourcearn', 'aws:sourceowner', 'aws:username', 'aws:userid',
  'dynamodb:enclosingoperation', 'dynamodb:leadingkeys', 'lambda:functionarn', 's3:delimiter', 's3:prefix', 'ses:fromaddress', 'ses:recipients', 'sns:endpoint', 'sns:protocol', 'states:statemachinequalifier',
]);

type Test = (wanted: readonly string[]) => (value: string) => boolean;

const anyOf = (compare: (wanted: string, value: string) => boolean): Test => (wanted) => (value) => wanted.some((one) => compare(one, value));
const byNumber = (compare: (wanted: number, value: number) => boolean): Test => anyOf((wanted, value) => compare(Number(wanted), Number(value)));
const timeOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));
const byTime = (compare: (wanted: number, value: number) => boolean): Test => anyOf((wanted, value) => compare(timeOf(wanted), timeOf(value)));
const like: Test = (wanted) => {
  const patterns = wanted.map(textPattern);
  return (value) => patterns.some((pattern) => pattern.matches(value));
};
const arnLike: Test = (wanted) => {
  const patterns = wanted.map(arnPattern);
  return (value) => patterns.some((pattern) => pattern.matches(value));
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Readonly<Record<string, Test>> = {
  StringEquals: anyOf((wanted, value) => wanted === value),
  StringEqualsIgnoreCase: anyOf((wanted, value) => wanted.toLowerCase() === value.toLowerCase()),
  StringLike: like,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: anyOf((wanted, value) => wanted.toLowerCase() === value.toLowerCase()),
  NumericEquals: byNumber((wanted, value) => value === wanted),
  NumericLessThan: byNumber((wanted, value) => value < wanted),
  NumericLessThanEquals: byNumber((wanted, value) => value <= wanted),
  NumericGreaterThan: byNumber((wanted, value) => value > wanted),
  NumericGreaterThanEquals: byNumber((wanted, value) => value >= wanted),
  DateEquals: byTime((wanted, value) => value === wanted),
  DateLessThan: byTime((wanted, value) => value < wanted),
  DateLessThanEquals: byTime((wanted, value) => value <= wanted),
  DateGreaterThan: byTime((wanted, value) => value > wanted),
  DateGreaterThanEquals: byTime((wanted, value) => value >= wanted),
};
/** True where none of the wanted values matches, also where the key is absent. */
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals', StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase', StringNotLike: 'StringLike', ArnNotEquals: 'ArnEquals', ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals', DateNotEquals: 'DateEquals',
};

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);

function one(operator: string, key: string, wanted: readonly string[]): Condition {
  const parts = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator);
  const [, quantifier, name = '', ifExists] = parts ?? [];
  if (!KEYS.has(key)) throw new MalformedPolicy(`the local cloud does not know the condition key ${key}: add it to scripts/local/gate/access/condition.ts and to the calls that carry it`);
  if (name === 'Null') return (context) => (context(key) === undefined) === (wanted[0] === 'true');
  const negated = NEGATED[name];
  const test = OPERATORS[negated ?? name]?.(wanted);
  if (!test) throw new MalformedPolicy(`the local cloud does not know the condition operator ${operator}`);
  const holds = negated === undefined ? test : (value: string): boolean => !test(value);
  return (context) => {
    const values = context(key);
    if (quantifier === 'ForAllValues') return (values ?? []).every(holds);
    if (values === undefined) return quantifier === undefined && (ifExists !== undefined || negated !== undefined);
    return negated !== undefined && quantifier === undefined ? values.every(holds) : values.some(holds);
  };
}

/** All operators and all keys must hold. @throws MalformedPolicy for what cannot be judged here */
export function compileCondition(given: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Condition {
  const all = Object.entries(given).flatMap(([operator, keys]) => Object.entries(keys).map(([key, wanted]) => one(operator, key.toLowerCase(), textsOf(wanted))));
  return (context) => all.every((condition) => condition(context));
}
