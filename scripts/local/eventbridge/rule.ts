import { compilePattern, type EventPattern } from '../event-pattern.ts';
import type { RuleTarget } from '../events/target-input.ts';
import { parseSchedule, ScheduleExpressionError, type NextMoment } from '../events/schedule-expression.ts';
import { unsupportedTarget } from '../events/targets.ts';
import { AwsError } from '../service.ts';

/** What PutRule, PutTargets and `AWS::Events::Rule` say of a rule. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
export interface RuleProperties {
  /** As text (API) or as an object (templates). */
  readonly EventPattern?: string | EventPattern;
  readonly ScheduleExpression?: string;
  readonly State?: string;
  readonly Description?: string;
  readonly RoleArn?: string;
  readonly Targets?: readonly RuleTarget[];
}

export interface Rule {
  readonly name: string;
  readonly bus: string;
  readonly arn: string;
  readonly properties: RuleProperties;
  readonly tags: Readonly<Record<string, string>>;
}

export interface CompiledRule { readonly rule: Rule; readonly matches: (event: unknown) => boolean; readonly next?: NextMoment }

const NAME = /^[.\-_A-Za-z0-9]{1,64}$/;
export const STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];

/** @throws InvalidEventPatternException */
export function readPattern(given: string | EventPattern): (event: unknown) => boolean {
  let pattern: unknown;
  try {
    pattern = typeof given === 'string' ? JSON.parse(given) : given;
  } catch {
    throw new AwsError('InvalidEventPatternException', 'Event pattern is not valid. Reason: it is not JSON');
  }
  try {
    return compilePattern(pattern as EventPattern);
  } catch (error) {
    throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${(error as Error).message}`);
  }
}

/** Refuses what AWS refuses, and targets that the local cloud cannot reach. @throws ValidationException, InvalidEventPatternException */
export function compileRule(rule: Rule): CompiledRule {
  const { name, bus, properties } = rule;
  const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
  if (!NAME.test(name)) throw invalid(`1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`);
  if (properties.EventPattern === undefined && properties.ScheduleExpression === undefined) throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  if (properties.State !== undefined && !STATES.includes(properties.State)) throw invalid(`State ${properties.State} is not one of ${STATES.join(', ')}`);
  if (properties.ScheduleExpression !== undefined && bus !== 'default') throw invalid('ScheduleExpression is supported only on the default event bus.');
  for (const target of properties.Targets ?? []) {
    const problem = unsupportedTarget(target);
    if (problem !== undefined) throw invalid(problem);
    if ([target.Input, target.InputPath, target.InputTransformer].filter((given) => given !== undefined).length > 1) throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${target.Id}.`);
  }
  const matches = properties.EventPattern === undefined ? () => false : readPattern(properties.EventPattern);
  if (properties.ScheduleExpression === undefined) return { rule, matches };
  try {
    if (properties.ScheduleExpression.startsWith('at(')) throw new ScheduleExpressionError('rules know rate() and cron()');
    return { rule, matches, next: parseSchedule(properties.ScheduleExpression) };
  } catch (error) {
    if (error instanceof ScheduleExpressionError) throw invalid(`Parameter ScheduleExpression is not valid. ${error.message}`);
    throw error;
  }
}
