import validateAsl from 'asl-validator';
import { intrinsic, isObject, textOf, type Finding, type Json, type JsonObject, type PackagedService } from './template.ts';

/** A definition with every `${…}` and intrinsic put in place; resources of this template as `resource:<logical id>`. */
function definitionOf(value: Json | undefined): JsonObject | undefined {
  const text = (part: Json): string => {
    if (typeof part === 'string') return part;
    const call = intrinsic(part);
    if (!call) return JSON.stringify(part);
    if (call.fn === 'Fn::Join' && Array.isArray(call.arg) && Array.isArray(call.arg[1])) return call.arg[1].map(text).join(textOf(call.arg[0]));
    if (call.fn === 'Fn::Sub') {
      const [pattern, variables] = Array.isArray(call.arg) ? call.arg : [call.arg, {}];
      return textOf(pattern).replaceAll(/\$\{([^!}]+)\}/g, (_, name: string) =>
        isObject(variables) && name in variables ? text(variables[name] ?? '') : nameOf(name),
      );
    }
    if (call.fn === 'Fn::GetAtt') return nameOf(Array.isArray(call.arg) ? call.arg.map(textOf).join('.') : textOf(call.arg));
    return nameOf(textOf(call.arg));
  };
  const nameOf = (name: string): string =>
    name.startsWith('AWS::')
      ? ({ 'AWS::Partition': 'aws', 'AWS::Region': 'eu-west-1', 'AWS::AccountId': '000000000000' }[name] ?? name)
      : `arn:aws:lambda:eu-west-1:000000000000:function:${name.split('.')[0] ?? ''}`;
  if (value === undefined) return undefined;
  return JSON.parse(text(value)) as JsonObject;
}

const statesOf = (definition: JsonObject): [string, JsonObject][] => {
  const states = definition['States'];
  return isObject(states) ? Object.entries(states).filter((entry): entry is [string, JsonObject] => isObject(entry[1])) : [];
};

/**
 * Definitions must be valid Amazon States Language, call only functions of their own template, and bound every task in
 * time: without TimeoutSeconds a task that never returns is never noticed
 * (https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html).
 */
export function checkStateMachines(services: readonly PackagedService[]): Finding[] {
  const findings: Finding[] = [];
  for (const { name, template } of services) {
    for (const [id, resource] of Object.entries(template.Resources)) {
      if (resource.Type !== 'AWS::StepFunctions::StateMachine') continue;
      const say = (where: string, message: string) => findings.push({ where: `${name}/${id}${where}`, message });
      let definition: JsonObject | undefined;
      try {
        definition = definitionOf(resource.Properties?.['DefinitionString'] ?? resource.Properties?.['Definition']);
      } catch (error) {
        say('', `the definition is no JSON after substitution: ${(error as Error).message}`);
        continue;
      }
      if (!definition) {
        say('', 'has no definition');
        continue;
      }
      const verdict = validateAsl(definition);
      if (!verdict.isValid) say('', verdict.errorsText('; '));
      if (definition['TimeoutSeconds'] === undefined) say('', 'the state machine has no TimeoutSeconds');
      for (const [state, body] of statesOf(definition)) {
        if (body['Type'] !== 'Task') continue;
        if (body['TimeoutSeconds'] === undefined) say(`.${state}`, 'the task has no TimeoutSeconds');
        const called = /arn:aws:lambda:[^:]*:[^:]*:function:([A-Za-z0-9]+)/.exec(JSON.stringify(body))?.[1];
        if (called !== undefined && template.Resources[called]?.Type !== 'AWS::Lambda::Function') {
          say(`.${state}`, `calls ${called}, which is no function of this template`);
        }
      }
    }
  }
  return findings;
}
