import { makeResource, restoreResource, versionOf } from './make-resource.ts';
import { isGone, type Output, type ResourceRecord } from './records.ts';
import { removeAll, removeVersion } from './remove-resource.ts';
import { messageOf, type Run } from './run.ts';
import { exportOf, importersOf } from './scope.ts';
import { demandByPolicy } from './stack-policy.ts';
import { dependenciesOf, inOrder } from './template.ts';

type Removing = Pick<Run, 'store' | 'stack' | 'now' | 'cloud'> & { readonly interrupted?: boolean };

/**
 * What a killed process was just making goes whatever its policy says: nobody has been told of it, and the next deployment
 * finds its name free. After any other failure the policy stands, as on AWS.
 */
const policyOf = (run: Removing, record: ResourceRecord): string => (run.interrupted && record.previous === null ? 'Delete' : record.deletionPolicy);

/** Resources of the stack that exist. */
const living = ({ store, stack }: Pick<Run, 'store' | 'stack'>): ResourceRecord[] => store.resources(stack.id).filter((record) => !isGone(record));
const named = (ids: readonly string[]): string => `[${ids.join(', ')}]`;

function outputsOf({ template, resolver }: Run): Output[] {
  return Object.entries(template.Outputs ?? {})
    .filter(([, output]) => output.Condition === undefined || resolver.condition(output.Condition))
    .map(([key, output]) => ({
      key, value: String(resolver.value(output.Value)),
      ...(output.Description ? { description: output.Description } : {}),
      ...(output.Export ? { exportName: String(resolver.value(output.Export.Name)) } : {}),
    }));
}

/** Exports are unique, and stay as they are while somebody imports them. */
function checkExports({ store, stack }: Run, fresh: readonly Output[]): void {
  for (const { exportName } of fresh) {
    const holder = exportName === undefined ? undefined : exportOf(store, exportName);
    if (holder && holder.stack.id !== stack.id) throw new Error(`Export with name ${exportName ?? ''} is already exported by stack ${holder.stack.name}`);
  }
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined) continue;
    const still = fresh.find((output) => output.exportName === exportName);
    const users = still?.value === value ? [] : importersOf(store, exportName).filter((name) => name !== stack.name);
    if (users.length > 0) throw new Error(`Export ${exportName} cannot be ${still ? 'updated' : 'deleted'} as it is in use by ${users.join(', ')}`);
  }
}

/** Makes or changes the template's resources, in the order of their needs, and the outputs. @throws Error the stack's reason */
async function apply(run: Run, faults: ReadonlyMap<string, string>, verb: 'create' | 'update', imports: ReadonlySet<string>): Promise<void> {
  const { stack, store, template, resolver } = run;
  const included = new Map(Object.entries(template.Resources).filter(([, resource]) => resource.Condition === undefined || resolver.condition(resource.Condition)));
  const failed = (ids: readonly string[]): Error => new Error(`The following resource(s) failed to ${verb}: ${named(ids)}. `);
  const faulty = [...faults].filter(([logicalId]) => included.has(logicalId));
  for (const [logicalId, reason] of faulty) {
    const known = store.resource(stack.id, logicalId);
    const type = included.get(logicalId)?.Type ?? '';
    store.addEvent(stack, { logicalId, type, physicalId: known?.physicalId ?? '' }, known ? 'UPDATE_FAILED' : 'CREATE_FAILED', reason);
  }
  if (faulty.length > 0) throw failed(faulty.map(([logicalId]) => logicalId));
  for (const record of verb === 'update' ? living(run) : []) {
    if (!included.has(record.logicalId)) demandByPolicy(stack.policy, 'Update:Delete', record.logicalId, record.type);
  }
  const needs = (logicalId: string): Iterable<string> => {
    const resource = included.get(logicalId);
    return resource ? dependenciesOf(resource) : [];
  };
  for (const logicalId of inOrder([...included.keys()], needs)) {
    const resource = included.get(logicalId);
    if (!resource) continue;
    if (run.cancelled.aborted) throw new Error('User Initiated');
    await makeResource(run, logicalId, resource).catch((error: unknown) => {
      if (!store.resource(stack.id, logicalId)?.status.endsWith('_FAILED')) throw error; // before anything was tried: a value that cannot be had
      throw failed([logicalId]);
    });
  }
  const outputs = outputsOf(run);
  checkExports(run, outputs);
  stack.outputs = outputs;
  stack.imports = [...imports];
}

/** Removes what the settled operation leaves over: resources that the template no longer has, and those that were replaced. */
async function cleanUp(run: Removing, keeps: (record: ResourceRecord) => boolean): Promise<void> {
  const records = living(run);
  await removeAll(run, records.filter((record) => !keeps(record)), (record) => policyOf(run, record));
  for (const record of records.filter(keeps)) {
    const { previous, superseded } = record;
    if (superseded) await removeVersion(run, superseded, 'Delete');
    if (previous && (previous.physicalId !== record.physicalId || previous.type !== record.type)) await removeVersion(run, previous, previous.updateReplacePolicy);
    if (previous !== undefined || superseded) run.store.saveResource(run.stack.id, versionOf(record));
  }
}

export async function removeStack(run: Removing, retained: readonly string[] = []): Promise<void> {
  const { store, stack } = run;
  const left = await removeAll(run, living(run), (record) => (retained.includes(record.logicalId) ? 'Retain' : record.deletionPolicy));
  if (left.length > 0) { store.setStatus(stack, 'DELETE_FAILED', `The following resource(s) failed to delete: ${named(left)}. `); return; }
  stack.deletedAt = run.now();
  stack.previous = undefined;
  store.setStatus(stack, 'DELETE_COMPLETE');
}

/** Undoes a creation, as its `OnFailure` says. */
export async function rollBackCreate(run: Removing, reason: string): Promise<void> {
  const { store, stack } = run;
  if (stack.onFailure === 'DO_NOTHING') { store.setStatus(stack, 'CREATE_FAILED', reason); return; }
  const remove = stack.onFailure === 'DELETE';
  store.setStatus(stack, remove ? 'DELETE_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS', `${reason}${remove ? 'Delete' : 'Rollback'} requested by user.`);
  if (remove) return removeStack(run);
  const left = await removeAll(run, living(run), (record) => policyOf(run, record));
  stack.outputs = [];
  stack.imports = [];
  if (left.length > 0) store.setStatus(stack, 'ROLLBACK_FAILED', `The following resource(s) failed to delete: ${named(left)}. `);
  else store.setStatus(stack, 'ROLLBACK_COMPLETE');
}

/** Goes back to what stood before the update. */
export async function rollBackUpdate(run: Run, reason: string): Promise<void> {
  const { store, stack } = run;
  store.setStatus(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  const failed: string[] = [];
  for (const record of living(run).filter((each) => each.previous).reverse()) {
    await restoreResource(run, record).catch(() => failed.push(record.logicalId));
  }
  if (stack.previous) ({ input: stack.input, outputs: stack.outputs, imports: stack.imports } = stack.previous);
  if (failed.length > 0) { store.setStatus(stack, 'UPDATE_ROLLBACK_FAILED', `The following resource(s) failed to update: ${named(failed)}. `); return; }
  await endRollBack(run);
}

export async function endRollBack(run: Removing): Promise<void> {
  const { store, stack } = run;
  store.setStatus(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  await cleanUp(run, (record) => record.previous !== null);
  stack.previous = undefined;
  store.setStatus(stack, 'UPDATE_ROLLBACK_COMPLETE');
}

/** Clears away what the new template no longer has. */
export async function endUpdate(run: Run): Promise<void> {
  const { store, stack, template, resolver } = run;
  stack.previous = undefined;
  store.setStatus(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  await cleanUp(run, ({ logicalId }) => {
    const resource = Object.hasOwn(template.Resources, logicalId) ? template.Resources[logicalId] : undefined;
    return resource !== undefined && (resource.Condition === undefined || resolver.condition(resource.Condition));
  });
  store.setStatus(stack, 'UPDATE_COMPLETE');
}

/** From nothing to CREATE_COMPLETE, or back. */
export async function create(run: Run, faults: ReadonlyMap<string, string>, imports: ReadonlySet<string>): Promise<void> {
  const { store, stack } = run;
  try {
    await apply(run, faults, 'create', imports);
  } catch (error) {
    return rollBackCreate(run, run.cancelled.aborted ? 'Resource creation cancelled. ' : `${messageOf(error).trimEnd()} `);
  }
  for (const record of living(run)) if (record.previous !== undefined) store.saveResource(stack.id, versionOf(record));
  store.setStatus(stack, 'CREATE_COMPLETE');
}

/** From one template to the next, or back. */
export async function update(run: Run, faults: ReadonlyMap<string, string>, imports: ReadonlySet<string>): Promise<void> {
  try {
    await apply(run, faults, 'update', imports);
  } catch (error) {
    return rollBackUpdate(run, messageOf(error));
  }
  await endUpdate(run);
}
