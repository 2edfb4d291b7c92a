import { kindOf } from './kinds/register.ts';
import { versionOf } from './make-resource.ts';
import { isGone, type ResourceRecord, type ResourceVersion } from './records.ts';
import { messageOf, note, type Run } from './run.ts';
import { existing } from './scope.ts';
import { inOrder } from './template.ts';

type Removing = Pick<Run, 'store' | 'stack' | 'now' | 'cloud'>;

/** What needs others comes first. */
export function inRemovalOrder(records: readonly ResourceRecord[]): ResourceRecord[] {
  const byId = new Map(records.map((record) => [record.logicalId, record]));
  return inOrder([...byId.keys()], (logicalId) => byId.get(logicalId)?.dependsOn ?? []).reverse().flatMap((logicalId) => byId.get(logicalId) ?? []);
}

/** @returns whether it is gone, or kept because its policy says so; why not stands in its event */
export async function removeResource(run: Removing, record: ResourceRecord, policy: string = record.deletionPolicy): Promise<boolean> {
  const { stack, cloud } = run;
  const keep = policy === 'Retain' || (policy === 'RetainExceptOnCreate' && record.previous !== null);
  if (keep) {
    note(run, versionOf(record), 'DELETE_SKIPPED');
    return true;
  }
  const noted = note(run, record, 'DELETE_IN_PROGRESS');
  try {
    if (record.physicalId !== '') await kindOf(record.type).remove(existing(stack, record), cloud);
    if (record.superseded) await kindOf(record.superseded.type).remove(existing(stack, record.superseded), cloud);
  } catch (error) {
    note(run, noted, 'DELETE_FAILED', messageOf(error));
    return false;
  }
  note(run, versionOf(noted), 'DELETE_COMPLETE');
  return true;
}

/**
 * Removes all of them, those that need others first; what a resource that could not be removed needs stays too.
 * @returns logical ids of those that are left
 */
export async function removeAll(run: Removing, records: readonly ResourceRecord[], policyOf: (record: ResourceRecord) => string): Promise<string[]> {
  const failed = new Set<string>();
  const needed = new Set<string>();
  for (const record of inRemovalOrder(records)) {
    if (isGone(record)) continue;
    const spared = needed.has(record.logicalId);
    if (!spared && (await removeResource(run, record, policyOf(record)))) continue;
    if (!spared) failed.add(record.logicalId);
    for (const other of record.dependsOn) needed.add(other);
  }
  return [...failed];
}

/** Removes a physical resource that another one has taken the place of; a failure stands in its event and stops nothing. */
export async function removeVersion(run: Removing, version: ResourceVersion, policy: string): Promise<void> {
  const event = (status: 'DELETE_IN_PROGRESS' | 'DELETE_COMPLETE' | 'DELETE_FAILED' | 'DELETE_SKIPPED', reason?: string): void => run.store.addEvent(run.stack, version, status, reason);
  if (policy === 'Retain') { event('DELETE_SKIPPED'); return; }
  event('DELETE_IN_PROGRESS');
  try {
    await kindOf(version.type).remove(existing(run.stack, version), run.cloud);
    event('DELETE_COMPLETE');
  } catch (error) {
    event('DELETE_FAILED', messageOf(error));
  }
}
