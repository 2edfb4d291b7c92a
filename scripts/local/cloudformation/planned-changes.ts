import { changedProperties, replaces } from './make-resource.ts';
import { isGone, type Change, type StackRecord } from './records.ts';
import { resolverFor } from './scope.ts';
import type { Prepared } from './stack-request.ts';
import type { Stacks } from './stacks.ts';

/** What a change set would do, as far as it can be told beforehand: values of resources that do not exist yet cannot. */
export async function plannedChanges({ store, cloud, specification }: Pick<Stacks, 'store' | 'cloud' | 'specification'>, stack: StackRecord, { template, parameters }: Prepared): Promise<Change[]> {
  const resolver = resolverFor(stack, template, parameters, store, cloud, new Set());
  const known = await specification();
  const wanted = Object.entries(template.Resources).filter(([, resource]) => resource.Condition === undefined || resolver.condition(resource.Condition));
  const records = new Map(store.resources(stack.id).filter((record) => !isGone(record)).map((record) => [record.logicalId, record]));
  const changes = wanted.flatMap(([logicalId, resource]): Change[] => {
    const old = records.get(logicalId);
    if (!old) return [{ action: 'Add', logicalId, type: resource.Type, properties: [] }];
    let properties: string[];
    try {
      properties = changedProperties(old.properties, resolver.value(resource.Properties ?? {}) as Record<string, unknown>);
    } catch {
      properties = Object.keys(resource.Properties ?? {}); // it needs something that is only made then
    }
    if (old.type === resource.Type && properties.length === 0) return [];
    const replacement = old.type !== resource.Type || properties.some((name) => replaces(resource.Type, name, known)) ? 'True' : 'False';
    return [{ action: 'Modify', logicalId, physicalId: old.physicalId, type: resource.Type, replacement, properties }];
  });
  const names = new Set(wanted.map(([logicalId]) => logicalId));
  return [...changes, ...[...records.values()].filter((record) => !names.has(record.logicalId)).map((record): Change => ({ action: 'Remove', logicalId: record.logicalId, physicalId: record.physicalId, type: record.type, properties: [] }))];
}
