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
}

export interface Flow { readonly StartAt: string; readonly States: Readonly<Record<string, State>> }
export interface Definition extends Flow { readonly TimeoutSeconds?: number; readonly QueryLanguage?: string }

export const innerFlow = (state: State): Flow | undefined => state.ItemProcessor ?? state.Iterator;

function inspect(flow: Flow, where: string, problems: string[]): void {
  if (!Object.hasOwn(flow.States, flow.StartAt)) problems.push(`${where}: StartAt names no state: ${flow.StartAt}`);
  for (const [name, state] of Object.entries(flow.States)) {
    const extra = state as State & { QueryLanguage?: string; Arguments?: unknown; Assign?: unknown; ItemReader?: unknown; ResultWriter?: unknown };
    if (extra.QueryLanguage === 'JSONata' || extra.Arguments !== undefined) problems.push(`${where}.${name}: JSONata is not run by the local cloud; write the state with JSONPath`);
    if (extra.Assign !== undefined) problems.push(`${where}.${name}: variables (Assign) are not run by the local cloud`);
    if (extra.ItemReader !== undefined || extra.ResultWriter !== undefined || state.ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED') problems.push(`${where}.${name}: a distributed Map is not run by the local cloud; use an inline Map`);
    if (state.Resource?.includes('.sync')) problems.push(`${where}.${name}: .sync integrations are not run by the local cloud; use a callback or wait for the execution's event`);
    const targets = [state.Next, state.Default, ...(state.Choices ?? []).map((choice) => choice.Next), ...(state.Catch ?? []).map((each) => each.Next)];
    for (const target of targets) if (target !== undefined && !Object.hasOwn(flow.States, target)) problems.push(`${where}.${name}: no state is named ${target}`);
    for (const [at, branch] of (state.Branches ?? []).entries()) inspect(branch, `${where}.${name}[${at}]`, problems);
    const inner = innerFlow(state);
    if (inner) inspect(inner, `${where}.${name}`, problems);
  }
}

/** Parses a definition; throws one clear line for what it cannot run. */
export function parseDefinition(text: string, name: string): Definition {
  const definition = JSON.parse(text) as Definition;
  const problems: string[] = [];
  if (definition.QueryLanguage === 'JSONata') problems.push(`${name}: JSONata is not run by the local cloud; write the definition with JSONPath`);
  else inspect(definition, name, problems);
  if (problems.length > 0) throw new Error(`state machine ${problems.join('; ')}`);
  return definition;
}
