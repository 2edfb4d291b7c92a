import { kindOf } from './kinds/register.ts';
import { create, endRollBack, endUpdate, removeStack, rollBackCreate, rollBackUpdate, update } from './operations.ts';
import { parameterValues } from './parameters.ts';
import { isGone, type StackRecord } from './records.ts';
import { messageOf, type Run, type Workshop } from './run.ts';
import { existing } from './scope.ts';
import { storedParameter, type Prepared } from './stack-request.ts';
import type { Template } from './template.ts';

/** Brings back what only an earlier process's memory held; what fails is told and stops nothing. */
export async function restoreResources(workshop: Workshop, stack: StackRecord): Promise<void> {
  const { store, cloud } = workshop;
  for (const record of store.resources(stack.id)) {
    if (isGone(record) || record.physicalId === '') continue;
    try {
      await kindOf(record.type).restore?.(existing(stack, record), cloud);
    } catch (error) {
      workshop.say(`stack ${stack.name}: ${record.logicalId} could not be brought back: ${messageOf(error)}`);
    }
  }
}

/** Ends an operation whose process was killed: undoes it, or goes on with what cannot be undone. */
export async function endInterrupted(workshop: Workshop, stack: StackRecord, template: Template, runWith: (parameters: Prepared['parameters'], imports: Set<string>) => Run): Promise<void> {
  const reason = 'The local cloud was stopped during the operation. ';
  const removing = { ...workshop, stack, interrupted: true };
  const imports = new Set<string>();
  const run = { ...runWith(await parameterValues(template, stack.input.parameters, storedParameter(workshop)).catch(() => ({})), imports), interrupted: true };
  // packages are deployed again by whoever starts the local cloud: go on instead of back
  if (stack.packageDir !== undefined && stack.status === 'CREATE_IN_PROGRESS') return create(run, new Map(), imports);
  if (stack.packageDir !== undefined && stack.status === 'UPDATE_IN_PROGRESS') return update(run, new Map(), imports);
  if (stack.status === 'CREATE_IN_PROGRESS' || stack.status === 'ROLLBACK_IN_PROGRESS') return rollBackCreate(removing, reason);
  if (stack.status === 'UPDATE_IN_PROGRESS' || stack.status === 'UPDATE_ROLLBACK_IN_PROGRESS') return rollBackUpdate(run, reason);
  if (stack.status === 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS') return endRollBack(removing);
  if (stack.status === 'DELETE_IN_PROGRESS') return removeStack(removing);
  return endUpdate(run);
}
