import { isDeepStrictEqual } from 'node:util';
import type { Specification } from '../../validate/specification.ts';
import { INERT_TYPES } from './inert-types.ts';
import { kindOf } from './kinds/register.ts';
import { isGone, isLive, type ResourceRecord, type ResourceVersion, type StackRecord } from './records.ts';
import type { Answer, Cloud, ResourceInput, ResourceKind } from './kind.ts';
import { demandByPolicy } from './stack-policy.ts';
import { generatedName, messageOf, note, type Run } from './run.ts';
import { attributesOf, existing } from './scope.ts';
import { dependenciesOf, type TemplateResource } from './template.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Names of properties that differ. */
export const changedProperties = (old: Properties, fresh: Properties): string[] =>
  [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter((name) => !isDeepStrictEqual(old[name], fresh[name])).sort();

/** "Update requires: Replacement", by the specification. */
export const replaces = (type: string, property: string, specification: Specification): boolean => specification.types[type]?.properties[property]?.causesReplacement === 'yes';

export const versionOf = ({ previous: _previous, superseded: _superseded, ...version }: ResourceRecord): ResourceVersion => version;

/** A physical id that is free, or whose holder may be taken over. @throws Error `… already exists` */
async function physicalIdFor(run: Run, kind: ResourceKind, place: Omit<ResourceInput, 'physicalId' | 'generatedName'>, seed: string): Promise<{ physicalId: string; generatedName: string }> {
  for (let attempt = 0; ; attempt += 1) {
    const name = generatedName(place.stackName, place.logicalId, `${seed}${attempt === 0 ? '' : `/${attempt}`}`);
    const physicalId = kind.id?.({ ...place, generatedName: name }, run.cloud) ?? name;
    const holder = run.store.stacks().find((stack) => isLive(stack) && run.store.resources(stack.id).some((record) =>
      record.physicalId !== '' && record.physicalId === physicalId && record.type === place.type && !isGone(record) && !(stack === run.stack && record.logicalId === place.logicalId && record.previous === null)));
    if (!holder && (run.adopt || !(await kind.exists?.({ ...place, generatedName: name, physicalId }, run.cloud)))) return { physicalId, generatedName: name };
    if (physicalId.includes(name)) continue; // nobody chose this name: the next one will do
    throw new Error(`${physicalId} already exists${holder ? ` in stack ${holder.id}` : ''}`);
  }
}

/** Makes the resource, changes it or leaves it as it is. What it was before stays noted until the whole operation is settled. @throws Error the event's reason */
export async function makeResource(run: Run, logicalId: string, resource: TemplateResource): Promise<void> {
  const { stack, store, cloud } = run;
  const type = resource.Type;
  const kind = kindOf(type);
  const known = store.resource(stack.id, logicalId);
  const old = known && !isGone(known) ? known : undefined;
  const policies = {
    deletionPolicy: resource.DeletionPolicy ?? 'Delete', updateReplacePolicy: resource.UpdateReplacePolicy ?? 'Delete',
    dependsOn: [...dependenciesOf(resource)].filter((needed) => needed in run.template.Resources),
  };
  const properties = run.resolver.value(resource.Properties ?? {}) as Properties;
  const place = { logicalId, type, stackName: stack.name, stackId: stack.id, properties, made: {}, artifact: run.artifact, adopt: run.adopt, cancelled: run.cancelled };
  const inert = INERT_TYPES[type];
  const because = inert === undefined ? undefined : `${type} does nothing in the local cloud: ${inert}`;
  const answered = (record: ResourceRecord, made: Answer): Pick<ResourceRecord, 'physicalId' | 'attributes'> => {
    const fresh = { ...record, type, physicalId: made?.physicalId ?? record.physicalId, attributes: { ...record.attributes, ...made?.attributes } };
    return { physicalId: fresh.physicalId, attributes: attributesOf(stack, fresh, cloud) };
  };
  const failing = async (verb: 'CREATE' | 'UPDATE', current: ResourceRecord, act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      const reason = run.cancelled.aborted ? 'Resource update cancelled' : messageOf(error);
      note(run, store.resource(stack.id, logicalId) ?? current, `${verb}_FAILED`, reason);
      throw new Error(reason, { cause: error });
    }
  };

  // half made by a process that was killed counts as not made
  if (!old || (old.previous === null && old.status !== 'CREATE_COMPLETE')) {
    let record: ResourceRecord = { logicalId, type, physicalId: '', status: 'CREATE_IN_PROGRESS', at: 0, properties, attributes: {}, ...policies, previous: null };
    record = note(run, record, 'CREATE_IN_PROGRESS');
    return failing('CREATE', record, async () => {
      const { physicalId, generatedName: name } = await physicalIdFor(run, kind, place, '');
      record = note(run, record, 'CREATE_IN_PROGRESS', 'Resource creation Initiated', { physicalId });
      const made = await kind.create({ ...place, physicalId, generatedName: name }, cloud);
      note(run, record, 'CREATE_COMPLETE', because, answered(record, made));
    });
  }
  const changed = old.type === type ? changedProperties(old.properties, properties) : ['Type'];
  if (changed.length === 0) {
    if (hasMoved(stack, old, cloud)) store.saveResource(stack.id, { ...old, ...policies, attributes: attributesOf(stack, old, cloud) });
    else if (!isDeepStrictEqual(policies, { deletionPolicy: old.deletionPolicy, updateReplacePolicy: old.updateReplacePolicy, dependsOn: old.dependsOn })) store.saveResource(stack.id, { ...old, ...policies });
    return;
  }
  const specification = await run.specification();
  const previous = old.previous === undefined ? versionOf(old) : old.previous;
  if (old.type !== type || changed.some((name) => replaces(type, name, specification))) {
    const record = note(run, { ...old, ...policies, previous }, 'UPDATE_IN_PROGRESS', 'Requested update requires the creation of a new physical resource; hence creating one.');
    return failing('UPDATE', record, async () => {
      demandByPolicy(stack.policy, 'Update:Replace', logicalId, old.type);
      const { physicalId, generatedName: name } = await physicalIdFor(run, kind, place, `/${old.physicalId}`).catch((error: unknown) => {
        if (old.type !== type || !messageOf(error).includes(stack.id)) throw error;
        throw new Error(`CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${old.physicalId} and update the stack again.`);
      });
      const started = note(run, record, 'UPDATE_IN_PROGRESS', 'Resource creation Initiated', { physicalId, properties, attributes: {} });
      const made = await kind.create({ ...place, physicalId, generatedName: name }, cloud);
      note(run, { ...started, type }, 'UPDATE_COMPLETE', because, answered(started, made));
    });
  }
  const record = note(run, { ...old, ...policies, previous }, 'UPDATE_IN_PROGRESS', undefined, { properties });
  return failing('UPDATE', record, async () => {
    demandByPolicy(stack.policy, 'Update:Modify', logicalId, type);
    const input: ResourceInput = { ...place, physicalId: old.physicalId, generatedName: old.physicalId, made: old.attributes, adopt: true };
    const made = await (kind.update ?? kind.create)(input, cloud, existing(stack, old));
    note(run, record, 'UPDATE_COMPLETE', because, answered(record, made));
  });
}

/** Puts a changed resource back as it was, in place; one that was replaced is simply the old one again. @throws Error */
export async function restoreResource(run: Run, record: ResourceRecord): Promise<void> {
  const { previous } = record;
  if (!previous) return;
  const kind = kindOf(previous.type);
  const replaced = previous.physicalId !== record.physicalId || previous.type !== record.type;
  if (!replaced) {
    note(run, record, 'UPDATE_IN_PROGRESS');
    try {
      await (kind.update ?? kind.create)({ ...existing(run.stack, previous), artifact: run.artifact, adopt: true, cancelled: new AbortController().signal }, run.cloud, existing(run.stack, record));
    } catch (error) {
      note(run, record, 'UPDATE_FAILED', messageOf(error));
      throw error;
    }
  }
  note(run, previous, 'UPDATE_COMPLETE', undefined, replaced && record.physicalId !== '' ? { superseded: versionOf(record) } : {});
}

/** Whether an address of this machine that others were given has changed since. */
export const hasMoved = (stack: StackRecord, record: ResourceRecord, cloud: Cloud): boolean => !isDeepStrictEqual(attributesOf(stack, record, cloud), record.attributes);
