import { BlockList, isIP } from 'node:net';

/**
 * Content filtering as EventBridge rules and Lambda event filters share it.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
export type EventPattern = { readonly [field: string]: EventPattern | readonly unknown[] };

type Test = (value: unknown) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const COMPARE: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

function numeric(rule: readonly unknown[]): Test {
  const tests: Test[] = [];
  for (let at = 0; at < rule.length; at += 2) {
    const compare = COMPARE[String(rule[at])];
    const bound = rule[at + 1];
    if (!compare || typeof bound !== 'number') throw new Error(`event pattern: bad numeric rule ${JSON.stringify(rule)}`);
    tests.push((value) => typeof value === 'number' && compare(value, bound));
  }
  return (value) => tests.every((test) => test(value));
}

const textRule = (rule: unknown, matches: (value: string, wanted: string) => boolean): Test => {
  const wanted = isObject(rule) ? String(rule['equals-ignore-case']).toLowerCase() : String(rule);
  const fold = isObject(rule);
  return (value) => typeof value === 'string' && matches(fold ? value.toLowerCase() : value, wanted);
};

function wildcard(rule: unknown): Test {
  const source = String(rule).split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*');
  const expression = new RegExp(`^${source}$`, 's');
  return (value) => typeof value === 'string' && expression.test(value);
}

/** But single values, a list of them, or what one other operator (with one value or a list of them) lets through. */
function anythingBut(rule: unknown): Test {
  const [name = '', argument] = isObject(rule) ? (Object.entries(rule)[0] ?? []) : [];
  if (isObject(rule) && !['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(name)) throw new Error(`event pattern: anything-but takes values, prefix, suffix, equals-ignore-case or wildcard, not ${name}`);
  const inner = isObject(rule) ? [argument].flat().map((each) => compileRule({ [name]: each })) : [rule].flat().map(compileRule);
  return (value) => value !== undefined && !inner.some((test) => test(value));
}

function compileRule(rule: unknown): Test {
  if (!isObject(rule)) return (value) => value === rule;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(rule);
  if (others.length > 0) throw new Error(`event pattern: one operator a rule, not ${Object.keys(rule).join(' and ')}`);
  switch (name) {
    case 'prefix': return textRule(argument, (value, wanted) => value.startsWith(wanted));
    case 'suffix': return textRule(argument, (value, wanted) => value.endsWith(wanted));
    case 'equals-ignore-case': return (value) => typeof value === 'string' && value.toLowerCase() === String(argument).toLowerCase();
    case 'exists': return (value) => (value !== undefined) === argument;
    case 'numeric': return numeric(argument as unknown[]);
    case 'anything-but': return anythingBut(argument);
    case 'wildcard': return wildcard(argument);
    case 'cidr': return cidr(argument);
    default: throw new Error(`event pattern: operator ${name} is not known to the local cloud`);
  }
}

/** An address of a network, version 4 or 6. */
function cidr(rule: unknown): Test {
  const [network = '', bits = ''] = String(rule).split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(network) === 0 || !/^\d+$/.test(bits)) throw new Error(`event pattern: ${String(rule)} is not a network`);
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return (value) => typeof value === 'string' && isIP(value) === (family === 'ipv6' ? 6 : 4) && list.check(value, family);
}

/** The pattern as one test; throws for an operator that is not supported, so that nothing passes by mistake. */
export function compilePattern(pattern: EventPattern): Test {
  const tests = Object.entries(pattern).map(([field, wanted]): Test => {
    if (field === '$or') {
      const any = (wanted as readonly EventPattern[]).map(compilePattern);
      return (event) => any.some((test) => test(event));
    }
    if (isObject(wanted)) {
      const inner = compilePattern(wanted);
      return (event) => {
        const value = isObject(event) ? event[field] : undefined;
        return Array.isArray(value) ? value.some(inner) : inner(value);
      };
    }
    if (!Array.isArray(wanted)) throw new Error(`event pattern: the rules of ${field} must stand in an array`);
    const rules = wanted.map(compileRule);
    return (event) => {
      const value = isObject(event) ? event[field] : undefined;
      const values: unknown[] = Array.isArray(value) ? value : [value];
      return rules.some((rule) => values.some(rule));
    };
  });
  return (event) => tests.every((test) => test(event));
}
