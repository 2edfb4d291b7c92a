import { AwsError } from '../service.ts';
import { parseSchedule, ScheduleExpressionError } from '../events/schedule-expression.ts';
import type { Plan } from '../events/timetable.ts';
import { unsupportedTarget, type Target } from '../events/targets.ts';

/**
 * What CreateSchedule, UpdateSchedule and `AWS::Scheduler::Schedule` say of a schedule; moments as ISO text or epoch seconds.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export interface ScheduleProperties {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly FlexibleTimeWindow: { readonly Mode: string; readonly MaximumWindowInMinutes?: number };
  readonly Target: Target & { readonly RoleArn: string; readonly Input?: string };
  readonly State?: string;
  readonly Description?: string;
  readonly StartDate?: string | number;
  readonly EndDate?: string | number;
  readonly ActionAfterCompletion?: string;
  readonly KmsKeyArn?: string;
}

export interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly properties: ScheduleProperties;
}

export const NAME = /^[0-9a-zA-Z-_.]{1,64}$/;

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** Epoch ms of a date in the API's or a template's form. */
export const momentOf = (date: string | number | undefined): number | undefined => (date === undefined ? undefined : typeof date === 'number' ? date * 1000 : Date.parse(date));

/** When the schedule is due. @throws ValidationException */
export function planOf(properties: ScheduleProperties): Plan {
  const { ScheduleExpression: expression, ScheduleExpressionTimezone: zone = 'UTC', FlexibleTimeWindow: window } = properties;
  const from = momentOf(properties.StartDate);
  const until = momentOf(properties.EndDate);
  try {
    return {
      text: JSON.stringify([expression, zone, from, until, window.Mode, window.MaximumWindowInMinutes]),
      next: parseSchedule(expression, zone), atOnce: expression.startsWith('rate('),
      ...(from === undefined || expression.startsWith('at(') ? {} : { from }), ...(until === undefined || expression.startsWith('at(') ? {} : { until }),
      ...(window.Mode === 'FLEXIBLE' ? { withinMs: (window.MaximumWindowInMinutes ?? 0) * 60_000 } : {}),
    };
  } catch (error) {
    if (error instanceof ScheduleExpressionError) throw invalid(`Invalid Schedule Expression ${expression}: ${error.message}`);
    throw error;
  }
}

/** Refuses what AWS refuses, and what the local cloud cannot do. @throws ValidationException */
export function checkSchedule(name: string, properties: Partial<ScheduleProperties>): asserts properties is ScheduleProperties {
  if (!NAME.test(name)) throw invalid(`1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$`);
  const { Target: target, FlexibleTimeWindow: window, ScheduleExpression: expression } = properties;
  if (typeof expression !== 'string') throw invalid("1 validation error detected: Value null at 'scheduleExpression' failed to satisfy constraint: Member must not be null");
  if (!target?.Arn || !target.RoleArn) throw invalid(`1 validation error detected: Value null at 'target.${target?.Arn ? 'roleArn' : 'arn'}' failed to satisfy constraint: Member must not be null`);
  if (!window) throw invalid("1 validation error detected: Value null at 'flexibleTimeWindow' failed to satisfy constraint: Member must not be null");
  const minutes = window.MaximumWindowInMinutes;
  if (window.Mode === 'FLEXIBLE' && !(minutes !== undefined && minutes >= 1 && minutes <= 1440)) throw invalid('A flexible time window needs MaximumWindowInMinutes between 1 and 1440.');
  if (window.Mode === 'OFF' && minutes !== undefined) throw invalid('MaximumWindowInMinutes is only allowed with the mode FLEXIBLE.');
  if (window.Mode !== 'OFF' && window.Mode !== 'FLEXIBLE') throw invalid(`FlexibleTimeWindow.Mode ${window.Mode} is neither OFF nor FLEXIBLE`);
  if (properties.State !== undefined && !['ENABLED', 'DISABLED'].includes(properties.State)) throw invalid(`State ${properties.State} is neither ENABLED nor DISABLED`);
  if (properties.ActionAfterCompletion !== undefined && !['NONE', 'DELETE'].includes(properties.ActionAfterCompletion)) throw invalid(`ActionAfterCompletion ${properties.ActionAfterCompletion} is neither NONE nor DELETE`);
  const { MaximumEventAgeInSeconds: age, MaximumRetryAttempts: retries } = target.RetryPolicy ?? {};
  if (age !== undefined && (age < 60 || age > 86_400)) throw invalid('RetryPolicy.MaximumEventAgeInSeconds must be between 60 and 86400');
  if (retries !== undefined && (retries < 0 || retries > 185)) throw invalid('RetryPolicy.MaximumRetryAttempts must be between 0 and 185');
  const unsupported = unsupportedTarget(target);
  if (unsupported !== undefined) throw invalid(unsupported);
  const plan = planOf({ ...properties, Target: target, FlexibleTimeWindow: window, ScheduleExpression: expression });
  if (plan.from !== undefined && plan.until !== undefined && plan.from >= plan.until) throw invalid('The StartDate you specify must come before the EndDate.');
}
