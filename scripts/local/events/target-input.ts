import { find, type Json } from '../stepfunctions/paths.ts';
import type { Target } from './targets.ts';

/** A target of a rule. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html */
export interface RuleTarget extends Target {
  readonly Id: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: { readonly InputPathsMap?: Readonly<Record<string, string>>; readonly InputTemplate: string };
}

/** Variables that every template has. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
function predefined(name: string, event: { readonly [key: string]: Json }, rule: { readonly name: string; readonly arn: string }): Json | undefined {
  switch (name) {
    case 'aws.events.rule-arn': return rule.arn;
    case 'aws.events.rule-name': return rule.name;
    case 'aws.events.event.ingestion-time': return event['time'] ?? null;
    case 'aws.events.event.json': return event;
    case 'aws.events.event': {
      const { detail: _detail, ...rest } = event;
      return rest;
    }
    default: return undefined;
  }
}

/** What the target receives: the whole event, a constant, a part, or a filled template. */
export function fillTarget(target: RuleTarget, event: unknown, rule: { readonly name: string; readonly arn: string }): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(find(event as Json, target.InputPath) ?? null);
  if (!target.InputTransformer) return JSON.stringify(event);
  const paths = target.InputTransformer.InputPathsMap ?? {};
  const valueOf = (name: string): Json => {
    const path = paths[name];
    return (path === undefined ? predefined(name, event as { [key: string]: Json }, rule) : find(event as Json, path)) ?? '';
  };
  // Inside quotes a variable is text, outside it is JSON.
  return target.InputTransformer.InputTemplate.replace(/"(?:[^"\\]|\\.)*"|<([\w.-]+)>/g, (whole, name?: string) => {
    if (name !== undefined) return JSON.stringify(valueOf(name));
    return whole.replace(/<([\w.-]+)>/g, (_mark, inner: string) => {
      const value = valueOf(inner);
      return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
    });
  });
}
