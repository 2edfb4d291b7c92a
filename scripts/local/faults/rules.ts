import { createHash } from 'node:crypto';
import * as z from 'zod';

/**
 * Faults on demand: which calls or invocations go wrong, how, and how often. The same rules are read from the file of
 * `--faults` and from the body of `POST /_local/faults`.
 */
const milliseconds = z.int().min(1).max(900_000);

/** How often a rule strikes, of the calls that fit it. */
const often = {
  /** Name in the report; made from the rule where it is absent. */
  id: z.string().min(1).max(64).optional(),
  /** Only where the call's path and input, or the invocation's payload, contain this text. */
  containing: z.string().min(1).optional(),
  /** Calls that fit and are let pass first. */
  skip: z.int().min(0).default(0),
  /** Strikes in all; absent: for as long as the rule stands. */
  times: z.int().min(1).optional(),
  /** Chance of each call that fits and is not skipped. */
  probability: z.number().gt(0).max(1).default(1),
  /** What chance is drawn from. */
  seed: z.int().min(0).default(1),
};

const callFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('error'), code: z.string().min(1), status: z.int().min(400).max(599).default(500), message: z.string().default('a fault on demand') }),
  /** The service's own throttling error. */
  z.strictObject({ kind: z.literal('throttle') }),
  z.strictObject({ kind: z.literal('delay'), ms: milliseconds }),
  /** The call is done; its answer never arrives: the connection is cut. */
  z.strictObject({ kind: z.literal('reply-lost') }),
  /** Single entries of a batch are refused, the others are taken; every entry is judged for itself. */
  z.strictObject({ kind: z.literal('partial'), code: z.string().min(1).optional() }),
]);

const invocationFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('crash'), when: z.enum(['before', 'during', 'after']), ms: milliseconds.optional(), calls: z.int().min(1).optional() }),
  z.strictObject({ kind: z.literal('timeout'), ms: milliseconds.optional() }),
  z.strictObject({ kind: z.literal('delay'), ms: milliseconds }),
  /** The function's clock is off by this; negative: it is slow. */
  z.strictObject({ kind: z.literal('skew'), ms: z.int() }),
  z.strictObject({ kind: z.literal('error'), type: z.string().min(1).default('Error'), message: z.string().default('a fault on demand') }),
]);

const callRule = z.strictObject({
  ...often,
  /** Signing name of the service: `dynamodb`, `s3`, `states`, `ses` … */
  service: z.string().regex(/^[a-z0-9-]+$/, 'the signing name of a service in lower case: dynamodb, s3, states …'),
  /** As the API reference names it; absent: every one. `*` stands for any letters. */
  operation: z.string().min(1).optional(),
  /** Access key of the caller, of a function its name; `*` stands for any letters. */
  caller: z.string().min(1).optional(),
  fault: callFault,
});

const invocationRule = z.strictObject({
  ...often,
  /** Name of a function; `*` stands for any letters. */
  function: z.string().min(1),
  fault: invocationFault,
});

export type CallRule = z.infer<typeof callRule> & { readonly id: string };
export type InvocationRule = z.infer<typeof invocationRule> & { readonly id: string };
export type FaultRule = CallRule | InvocationRule;
export type InvocationFault = z.infer<typeof invocationFault>;

export const isCallRule = (rule: FaultRule): rule is CallRule => 'service' in rule;

/** What is wrong with the rules, in one line that says where. */
export class BadFaultRules extends Error {}

/** Services whose single entries can be refused here. */
const partly: Readonly<Record<string, readonly string[]>> = {
  kinesis: ['PutRecords'], dynamodb: ['BatchWriteItem', 'BatchGetItem'], sqs: ['SendMessageBatch', 'DeleteMessageBatch'], sns: ['PublishBatch'],
};

function read(given: unknown, at: string): FaultRule {
  const known = typeof given === 'object' && given !== null;
  if (!known || 'service' in given === 'function' in given) throw new BadFaultRules(`${at}: a rule names either a service or a function`);
  const parsed = ('service' in given ? callRule : invocationRule).safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new BadFaultRules(`${[at, ...(issue?.path ?? []).map(String)].join('.')}: ${issue?.message ?? 'malformed'}`);
  }
  const rule = parsed.data;
  const id = rule.id ?? createHash('sha256').update(JSON.stringify(rule)).digest('hex').slice(0, 8);
  if ('service' in rule && rule.fault.kind === 'partial') {
    const operations = partly[rule.service] ?? [];
    if (!operations.includes(rule.operation ?? '')) {
      throw new BadFaultRules(`${at}: partial is for ${Object.entries(partly).flatMap(([service, names]) => names.map((name) => `${service} ${name}`)).join(', ')}`);
    }
  }
  return { ...rule, id };
}

/** One rule, a list of them, or `{ "rules": […] }`. @throws BadFaultRules */
export function readFaultRules(given: unknown): FaultRule[] {
  const list = Array.isArray(given) ? given : typeof given === 'object' && given !== null && 'rules' in given ? given.rules : [given];
  if (!Array.isArray(list)) throw new BadFaultRules('rules: is not a list');
  const rules = list.map((one, at) => read(one, `rules[${at}]`));
  const twice = rules.find(({ id }, at) => rules.findIndex((other) => other.id === id) !== at);
  if (twice) throw new BadFaultRules(`rules: ${twice.id} stands there twice: give each its own id`);
  return rules;
}

/** @throws BadFaultRules */
export function parseFaultRules(text: string): FaultRule[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new BadFaultRules(`not JSON: ${(error as Error).message}`);
  }
  return readFaultRules(given);
}
