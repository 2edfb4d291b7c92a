import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from './resource.ts';
import { deployStack, unknownTypes, type Stack } from './stack.ts';
import { importsOf, inOrder, objectsIn, type Template } from './template.ts';
import { certain } from '../certain.ts';

const TEMPLATE = 'cloudformation-template-update-stack.json';

interface Package { readonly name: string; readonly folder: string; readonly template: Template; readonly stackName: string }

/** Every folder below `packages` that holds a packaged template. */
export function readPackages(packages: string, stage: string): Package[] {
  const folders = existsSync(packages) ? readdirSync(packages).filter((name) => existsSync(join(packages, name, TEMPLATE))) : [];
  if (folders.length === 0) throw new Error(`there is no packaged service in ${packages}: run \`npx serverless package --stage ${stage} --package ${packages}/<service>\` in each service first`);
  return folders.map((name) => {
    const folder = join(packages, name);
    const state = join(folder, 'serverless-state.json');
    const service = existsSync(state) ? (JSON.parse(readFileSync(state, 'utf8')) as { service?: { service?: string; provider?: { stackName?: string } } }).service : undefined;
    return { name, folder, template: JSON.parse(readFileSync(join(folder, TEMPLATE), 'utf8')) as Template, stackName: service?.provider?.stackName ?? `${service?.service ?? name}-${stage}` };
  });
}

/** Names that a template exports, as far as they are plain text. */
function exportsOf(template: Template): string[] {
  return Object.values(template.Outputs ?? {}).flatMap((output) => (typeof output.Export?.Name === 'string' ? [output.Export.Name] : []));
}

/** Stacks in the order in which they import from each other. */
function orderPackages(packages: readonly Package[]): Package[] {
  const exporter = new Map(packages.flatMap((each) => exportsOf(each.template).map((name) => [name, each.name] as const)));
  // What others import from comes before what only imports; core first where nothing decides.
  const names = packages.map((each) => each.name).sort((left, right) => Number(right === 'core') - Number(left === 'core') || left.localeCompare(right));
  const byName = new Map(packages.map((each) => [each.name, each]));
  const packageOf = (name: string): Package => certain(byName.get(name), `package ${name}`);
  return inOrder(names, (name) => [...importsOf(packageOf(name).template)].map((wanted) => exporter.get(wanted) ?? '').filter((found) => found !== name)).map(packageOf);
}

export interface Deployment {
  readonly stacks: readonly Stack[];
  readonly exports: ReadonlyMap<string, { readonly value: string; readonly stack: Stack }>;
  /** Types that did nothing, all stacks together. */
  readonly inert: readonly string[];
  /** Starts mappings, schedules, rules and notifications. */
  activate(): Promise<void>;
}

/** Deploys every packaged service; nothing is made if one of them holds a type that is neither known nor inert. */
export async function deployPackages(folder: string, stage: string, cloud: Cloud): Promise<Deployment> {
  const packages = orderPackages(readPackages(folder, stage));
  const unknown = packages.flatMap((each) => unknownTypes(each.template).map((what) => `${each.stackName}: ${what}`));
  if (unknown.length > 0) throw new Error(`the local cloud does not know ${unknown.join(', ')}: add the type to scripts/local/cloudformation/resources, or to inert-types.ts if it does nothing locally`);
  const exports = new Map<string, { value: string; stack: Stack }>();
  const stacks: Stack[] = [];
  for (const each of packages) {
    const stack = await deployStack(each.stackName, each.template, each.folder, cloud, (name) => exports.get(name)?.value);
    stacks.push(stack);
    for (const output of stack.outputs) if (output.exportName !== undefined) exports.set(output.exportName, { value: output.value, stack });
  }
  return {
    stacks,
    exports,
    inert: [...new Set(stacks.flatMap((stack) => stack.inert))].sort(),
    async activate() {
      for (const stack of stacks) for (const start of stack.activations) await start();
    },
  };
}

/** Stacks that import an export, for ListImports. */
export const importersOf = (stacks: readonly Stack[], name: string): string[] =>
  stacks.filter((stack) => [...objectsIn(stack.template)].some((node) => node['Fn::ImportValue'] === name)).map((stack) => stack.name);
