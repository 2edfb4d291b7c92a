import { intrinsic, isObject, walk, textOf, type Finding, type Json, type PackagedService } from './template.ts';

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

/** Every Ref, GetAtt, Sub, ImportValue, If and DependsOn must name something that is there. */
export function checkReferences(services: readonly PackagedService[], attributes: Attributes): Finding[] {
  const findings: Finding[] = [];
  const exported = exportsOf(services);
  for (const { name, template } of services) {
    const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters ?? {})]);
    const say = (where: string, message: string) => findings.push({ where: `${name}/${where}`, message });

    const ref = (target: string, where: string) => {
      if (!known.has(target) && !pseudo.has(target)) say(where, `Ref to ${target}, which this template does not have`);
    };
    const getAtt = (target: string, attribute: string, where: string) => {
      const resource = template.Resources[target];
      if (!resource) return say(where, `GetAtt of ${target}, which this template does not have`);
      const offered = attributes(resource.Type);
      if (offered && !offered.has(attribute)) say(where, `${resource.Type} has no attribute ${attribute} for GetAtt`);
    };

    const visit = (value: Json, where: string) => {
      const call = intrinsic(value);
      if (!call) return;
      const { fn, arg } = call;
      if (fn === 'Ref' && typeof arg === 'string') ref(arg, where);
      if (fn === 'Fn::GetAtt') {
        const [target, ...rest] = Array.isArray(arg) ? arg.map(String) : textOf(arg).split('.');
        getAtt(target ?? '', rest.join('.'), where);
      }
      if (fn === 'Fn::Sub') {
        const [text, variables] = Array.isArray(arg) ? arg : [arg, null];
        const own = new Set(isObject(variables ?? null) ? Object.keys(variables as object) : []);
        for (const subName of subNames(textOf(text))) {
          if (own.has(subName)) continue;
          const dot = subName.indexOf('.');
          if (dot === -1) ref(subName, where);
          else getAtt(subName.slice(0, dot), subName.slice(dot + 1), where);
        }
      }
      if (fn === 'Fn::ImportValue' && typeof arg === 'string' && !exported.has(arg)) {
        say(where, `imports ${arg}, which no service exports`);
      }
      if (fn === 'Fn::If' && Array.isArray(arg) && !(textOf(arg[0]) in (template.Conditions ?? {}))) {
        say(where, `asks condition ${textOf(arg[0])}, which this template does not have`);
      }
    };

    for (const [id, resource] of Object.entries(template.Resources)) {
      walk(resource.Properties ?? {}, (value, path) => { visit(value, `${id}${path}`); });
      for (const target of [resource.DependsOn ?? []].flat()) if (!(target in template.Resources)) say(id, `depends on ${target}, which is not there`);
      if (resource.Condition && !(resource.Condition in (template.Conditions ?? {}))) say(id, `has condition ${resource.Condition}, which is not there`);
    }
    for (const [id, output] of Object.entries(template.Outputs ?? {})) walk(output.Value, (value, path) => { visit(value, `Outputs.${id}${path}`); });
  }
  return findings;
}
