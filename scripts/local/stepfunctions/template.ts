import { evaluate } from './intrinsics.ts';
import { place, read, type Json } from './paths.ts';
import { plainText } from '../plain-text.ts';

/** A path of the input (`$…`), of the context object (`$$…`), or an intrinsic function. */
export function resolveExpression(expression: string, input: Json, context: Json): Json {
  if (expression.startsWith('States.')) return evaluate(expression, (path) => resolveExpression(path, input, context));
  return expression.startsWith('$$') ? read(context, expression.slice(1)) : read(input, expression);
}

/** Fills a payload template: every field whose name ends in `.$` is an expression. https://states-language.net/spec.html#payload-template */
export function fill(template: Json, input: Json, context: Json): Json {
  if (Array.isArray(template)) return template.map((item) => fill(item, input, context));
  if (typeof template !== 'object' || template === null) return template;
  const filled: { [key: string]: Json } = {};
  for (const [name, value] of Object.entries(template)) {
    if (name.endsWith('.$')) filled[name.slice(0, -2)] = resolveExpression(plainText(value), input, context);
    else filled[name] = fill(value, input, context);
  }
  return filled;
}

interface InputRules { readonly InputPath?: string | null; readonly Parameters?: Json }
interface OutputRules { readonly ResultSelector?: Json; readonly ResultPath?: string | null; readonly OutputPath?: string | null }

export function pathOrAll(path: string | null | undefined, input: Json, context: Json): Json {
  if (path === null) return {};
  return path === undefined || path === '$' ? input : resolveExpression(path, input, context);
}

/** What the state works on. */
export function effectiveInput(rules: InputRules, input: Json, context: Json): Json {
  const chosen = pathOrAll(rules.InputPath, input, context);
  return rules.Parameters === undefined ? chosen : fill(rules.Parameters, chosen, context);
}

/** What the state hands on: `result` selected, placed into the raw input, then filtered. */
export function effectiveOutput(rules: OutputRules, input: Json, result: Json, context: Json): Json {
  const selected = rules.ResultSelector === undefined ? result : fill(rules.ResultSelector, result, context);
  const combined = rules.ResultPath === null ? input : rules.ResultPath === undefined || rules.ResultPath === '$' ? selected : place(input, rules.ResultPath, selected);
  return pathOrAll(rules.OutputPath, combined, context);
}
