import { inertAttribute, isInert, kindOf } from './kinds/register.ts';
import { isLive, type ResourceVersion, type StackRecord } from './records.ts';
import { createResolver, type Resolver } from './resolve.ts';
import type { Cloud, Existing } from './kind.ts';
import type { StackStore } from './store.ts';
import type { Template } from './template.ts';

/** A recorded resource as its kind sees it. */
export const existing = (stack: StackRecord, record: ResourceVersion, generatedName = record.physicalId): Existing => ({
  logicalId: record.logicalId, type: record.type, stackName: stack.name, stackId: stack.id, properties: record.properties, physicalId: record.physicalId, made: record.attributes, generatedName,
});

/** Everything that GetAtt can ask of it now; addresses of this machine follow its present ports. */
export const attributesOf = (stack: StackRecord, record: ResourceVersion, cloud: Cloud): Readonly<Record<string, string>> =>
  ({ ...record.attributes, ...kindOf(record.type).attributes?.(existing(stack, record), cloud) });

/** The value of an export, and whose it is. */
export function exportOf(store: StackStore, name: string): { readonly value: string; readonly stack: StackRecord } | undefined {
  for (const stack of store.stacks()) {
    if (!isLive(stack)) continue;
    const output = stack.outputs.find((each) => each.exportName === name);
    if (output) return { value: output.value, stack };
  }
  return undefined;
}

/** Names of stacks that import it. */
export const importersOf = (store: StackStore, name: string): string[] =>
  store.stacks().filter((stack) => isLive(stack) && stack.imports.includes(name)).map((stack) => stack.name);

/** Resolves a stack's template against what it has made so far; `imports` gathers what it takes from other stacks. */
export function resolverFor(stack: StackRecord, template: Template, parameters: Readonly<Record<string, string | readonly string[]>>, store: StackStore, cloud: Cloud, imports: Set<string>): Resolver {
  return createResolver({
    template, parameters, region: cloud.region, accountId: cloud.accountId, stackName: stack.name, stackId: stack.id, notificationArns: stack.input.notificationArns,
    ref: (logicalId) => store.resource(stack.id, logicalId)?.physicalId,
    attribute(logicalId, name) {
      const record = store.resource(stack.id, logicalId);
      if (!record) return undefined;
      return attributesOf(stack, record, cloud)[name] ?? (isInert(record.type) ? inertAttribute(logicalId, name, cloud.region, cloud.accountId) : undefined);
    },
    imported(name) {
      imports.add(name);
      return exportOf(store, name)?.value;
    },
  });
}
