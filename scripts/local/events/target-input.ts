import { find, type Json } from '../stepfunctions/paths.ts';

/** A target of a rule, as the template writes it. */
export interface RuleTarget {
  readonly Id: string;
  readonly Arn: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: { readonly InputPathsMap?: Readonly<Record<string, string>>; readonly InputTemplate: string };
}

/** What the target receives: the whole event, a constant, a part, or a filled template. */
export function fillTarget(target: RuleTarget, event: unknown): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(find(event as Json, target.InputPath) ?? null);
  if (!target.InputTransformer) return JSON.stringify(event);
  const values = Object.fromEntries(Object.entries(target.InputTransformer.InputPathsMap ?? {}).map(([name, path]) => [name, find(event as Json, path)]));
  // Inside quotes a variable is text, outside it is JSON. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
  return target.InputTransformer.InputTemplate.replace(/("?)<([\w.-]+)>("?)/g, (_whole, open: string, name: string, close: string) => {
    const value = name === 'aws.events.event.json' || name === 'aws.events.event' ? (event as Json) : (values[name] ?? '');
    const text = typeof value === 'string' ? JSON.stringify(value) : JSON.stringify(value);
    if (open && close) return typeof value === 'string' ? text : JSON.stringify(text);
    return open || close ? `${open}${typeof value === 'string' ? text.slice(1, -1) : JSON.stringify(text).slice(1, -1)}${close}` : text;
  });
}
