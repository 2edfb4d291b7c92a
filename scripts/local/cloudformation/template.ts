import { plainText } from '../plain-text.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
export interface TemplateParameter {
  readonly Type?: string;
  readonly Default?: unknown;
  readonly NoEcho?: unknown;
  readonly Description?: string;
  readonly AllowedValues?: readonly unknown[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
}

/** A CloudFormation template. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
  readonly Description?: string;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: unknown;
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

/** Every object of the tree, outermost first. */
export function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const child of Object.values(value)) yield* objectsIn(child);
}

const SUB_VARIABLE = /\$\{([^!}][^}]*)\}/g;

/** Names in `${…}` of an Fn::Sub that its own map does not define, `Logical` or `Logical.Attribute`. */
export function subReferences(sub: unknown): string[] {
  const [text, own] = Array.isArray(sub) ? (sub as [string, Record<string, unknown>]) : [String(sub), {}];
  return [...text.matchAll(SUB_VARIABLE)].map(([, name = '']) => name.trim()).filter((name) => !(name in own));
}

const firstPart = (name: string): string => name.split('.', 1)[0] ?? name;

/** Logical ids that a resource needs before it. */
export function dependenciesOf(resource: TemplateResource): Set<string> {
  const needed = new Set<string>(typeof resource.DependsOn === 'string' ? [resource.DependsOn] : (resource.DependsOn ?? []));
  for (const node of objectsIn(resource.Properties)) {
    if (typeof node['Ref'] === 'string') needed.add(node['Ref']);
    const attribute = node['Fn::GetAtt'];
    if (attribute !== undefined) needed.add(Array.isArray(attribute) ? String(attribute[0]) : firstPart(plainText(attribute)));
    if (node['Fn::Sub'] !== undefined) for (const name of subReferences(node['Fn::Sub'])) needed.add(firstPart(name));
  }
  return needed;
}

/** Names that the template imports from other stacks; only literal ones can be known beforehand. */
export function importsOf(template: Template): Set<string> {
  const names = new Set<string>();
  for (const node of objectsIn(template)) if (typeof node['Fn::ImportValue'] === 'string') names.add(node['Fn::ImportValue']);
  return names;
}

/** Dependencies first; a cycle is an error that names it. */
export function inOrder(names: readonly string[], dependencies: (name: string) => Iterable<string>): string[] {
  const sorted: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: string, path: readonly string[]): void => {
    if (state.get(name) === 'done' || !names.includes(name)) return;
    if (state.get(name) === 'open') throw new Error(`circular dependency: ${[...path, name].join(' → ')}`);
    state.set(name, 'open');
    for (const needed of dependencies(name)) visit(needed, [...path, name]);
    state.set(name, 'done');
    sorted.push(name);
  };
  for (const name of names) visit(name, []);
  return sorted;
}
