import { AwsError } from '../service.ts';
import { checkDefinition } from './check-definition.ts';
import type { Json } from './paths.ts';

/** Amazon States Language, JSONPath, as far as the local cloud runs it. https://states-language.net/spec.html */
export interface Retrier { readonly ErrorEquals: string[]; readonly IntervalSeconds?: number; readonly MaxAttempts?: number; readonly BackoffRate?: number; readonly MaxDelaySeconds?: number; readonly JitterStrategy?: 'FULL' | 'NONE' }
export interface Catcher { readonly ErrorEquals: string[]; readonly Next: string; readonly ResultPath?: string | null }
export interface ChoiceRule { readonly And?: ChoiceRule[]; readonly Or?: ChoiceRule[]; readonly Not?: ChoiceRule; readonly Variable?: string; readonly Next?: string; readonly [operator: string]: unknown }

export interface State {
  readonly Type: 'Task' | 'Pass' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel' | 'Map';
  readonly Next?: string;
  readonly End?: boolean;
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
  readonly Parameters?: Json;
  readonly ResultSelector?: Json;
  readonly ResultPath?: string | null;
  readonly Retry?: Retrier[];
  readonly Catch?: Catcher[];
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number;
  readonly HeartbeatSecondsPath?: string;
  readonly Result?: Json;
  readonly Choices?: ChoiceRule[];
  readonly Default?: string;
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
  readonly Branches?: Flow[];
  readonly Iterator?: Flow;
  readonly ItemProcessor?: Flow & { readonly ProcessorConfig?: { readonly Mode?: string } };
  readonly ItemsPath?: string;
  readonly ItemSelector?: Json;
  readonly MaxConcurrency?: number;
  readonly MaxConcurrencyPath?: string;
}

export interface Flow { readonly StartAt: string; readonly States: Readonly<Record<string, State>> }
export interface Definition extends Flow { readonly TimeoutSeconds?: number; readonly QueryLanguage?: string }

export const innerFlow = (state: State): Flow | undefined => state.ItemProcessor ?? state.Iterator;

/** Parses a definition. @throws InvalidDefinition with every problem in it, AWS's and what the local cloud cannot run */
export function parseDefinition(text: string, type: 'STANDARD' | 'EXPRESS'): Definition {
  const problems = checkDefinition(text, type);
  if (problems.length > 0) {
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${problems.map(({ code, message, location }) => `${code}: ${message}${location === undefined ? '' : ` at ${location}`}`).join(', ')}'`);
  }
  return JSON.parse(text) as Definition;
}
