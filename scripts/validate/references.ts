import { intrinsic, isObject, walk, textOf, type Finding, type Json, type PackagedService, type Template } from './template.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const pseudo = new Set(['AWS::AccountId', 'AWS::NotificationARNs', 'AWS::NoValue', 'AWS::Partition', 'AWS::Region', 'AWS::StackId', 'AWS::StackName', 'AWS::URLSuffix']);

/** Attributes that Fn::GetAtt may ask of a resource type; undefined when the type is unknown. */
export type Attributes = (type: string) => ReadonlySet<string> | undefined;

/** Names in `${…}` of a Fn::Sub text, `${!literal}` left out. */
export const subNames = (text: string): string[] =>
  [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map((found) => (found[1] ?? '').trim());

const literal = (name: Json): string | undefined => (typeof name === 'string' ? name : undefined);

/** Every name that any of the services exports. */
export const exportsOf = (services: readonly PackagedService[]): Map<string, string> =>
  new Map(
    services.flatMap(({ name, template }) =>
      Object.values(template.Outputs ?? {}).flatMap((output): [string, string][] => {
        const exported = output.Export ? literal(output.Export.Name) : undefined;
        return exported === undefined ? [] : [[exported, name]];
      }),
    ),
  );

const ofCondition = (name: string): string => `Template format error: Unresolved condition dependency ${name} in the Resources block of the template`;
const ofResource = (name: string, block: string): string => `Template format error: Unresolved resource dependencies [${name}] in the ${block} block of the template`;

/**
 * Every Ref, GetAtt, Sub, If, Condition and DependsOn of a template must name something that is in it; told in the words in
 * which CloudFormation refuses it. `where` is `<logical id>.<property path>`.
 */
export function referenceFaults(template: Template, attributes: Attributes): Finding[] {
  const findings: Finding[] = [];
  const say = (where: string, message: string) => findings.push({ where, message });
  const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters ?? {}), ...pseudo]);
  const conditions = new Set(Object.keys(template.Conditions ?? {}));

  const ref = (target: string, where: string, block: string) => {
    if (!known.has(target)) say(where, ofResource(target, block));
  };
  const getAtt = (target: string, attribute: string, where: string) => {
    const resource = Object.hasOwn(template.Resources, target) ? template.Resources[target] : undefined;
    if (!resource) return say(where, `Template error: instance of Fn::GetAtt references undefined resource ${target}`);
    const offered = attributes(resource.Type);
    if (offered && !offered.has(attribute)) say(where, `Template error: resource ${target} does not support attribute type ${attribute} in Fn::GetAtt`);
  };
  const visit = (value: Json, where: string, block: string) => {
    const call = intrinsic(value);
    if (!call) return;
    const { fn, arg } = call;
    if (fn === 'Ref') {
      if (typeof arg === 'string') ref(arg, where, block);
      else say(where, 'Template error: every Ref object must have a single String value.');
    }
    if (fn === 'Fn::GetAtt') {
      const [target, ...rest] = Array.isArray(arg) ? arg.map(textOf) : textOf(arg).split('.');
      getAtt(target ?? '', rest.join('.'), where);
    }
    if (fn === 'Fn::Sub') {
      const [text, variables] = Array.isArray(arg) ? arg : [arg, null];
      const own = new Set(isObject(variables ?? null) ? Object.keys(variables as object) : []);
      for (const name of subNames(textOf(text))) {
        if (own.has(name)) continue;
        const dot = name.indexOf('.');
        if (dot === -1) ref(name, where, block);
        else getAtt(name.slice(0, dot), name.slice(dot + 1), where);
      }
    }
    if (fn === 'Fn::If' && (!Array.isArray(arg) || arg.length !== 3)) say(where, 'Template error: Fn::If requires a list argument with three elements');
    else if (fn === 'Fn::If' && Array.isArray(arg) && !conditions.has(textOf(arg[0]))) say(where, ofCondition(textOf(arg[0])));
  };

  for (const [id, resource] of Object.entries(template.Resources)) {
    walk(resource.Properties ?? {}, (value, path) => { visit(value, `${id}${path}`, 'Resources'); });
    for (const target of [resource.DependsOn ?? []].flat()) if (!Object.hasOwn(template.Resources, target)) say(id, ofResource(target, 'Resources'));
    if (resource.Condition && !conditions.has(resource.Condition)) say(id, ofCondition(resource.Condition));
  }
  for (const [id, output] of Object.entries(template.Outputs ?? {})) {
    walk(output.Value, (value, path) => { visit(value, `Outputs.${id}${path}`, 'Outputs'); });
    if (output.Condition && !conditions.has(output.Condition)) say(`Outputs.${id}`, ofCondition(output.Condition));
  }
  return findings;
}

/** Faults of each template, and imports that none of the services exports. */
export function checkReferences(services: readonly PackagedService[], attributes: Attributes): Finding[] {
  const exported = exportsOf(services);
  return services.flatMap(({ name, template }) => {
    const findings = referenceFaults(template, attributes).map(({ where, message }) => ({ where: `${name}/${where}`, message }));
    walk({ ...template.Resources, Outputs: template.Outputs ?? {} }, (value, path) => {
      const call = intrinsic(value);
      if (call?.fn === 'Fn::ImportValue' && typeof call.arg === 'string' && !exported.has(call.arg)) findings.push({ where: `${name}/${path.slice(1)}`, message: `imports ${call.arg}, which no service exports` });
    });
    return findings;
  });
}
