import { randomUUID } from 'node:crypto';
import { AwsError } from '../../service.ts';
import { plannedChanges } from '../planned-changes.ts';
import type { ChangeSet, StackRecord } from '../records.ts';
import { prepare, sameInput } from '../stack-request.ts';
import type { Stacks } from '../stacks.ts';
import { moment, pageOf, type Form, type Operations, type Tree } from './form.ts';
import { requestIn, templateIn } from './writes.ts';

const NOTHING = "The submitted information didn't contain changes. Submit different information to create a change set.";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html */
export function changeSetOperations(stacks: Stacks): Operations {
  const { store, cloud } = stacks;
  const template = templateIn(stacks);
  const look = (form: Form): ChangeSet | undefined => {
    const name = form.need('ChangeSetName');
    return name.startsWith('arn:') ? store.stacks().flatMap((stack) => store.changeSets(stack.id)).find((each) => each.id === name) : store.changeSets(stacks.find(form.need('StackName')).id).find((each) => each.name === name);
  };
  const find = (form: Form): ChangeSet => {
    const found = look(form);
    if (!found) throw new AwsError('ChangeSetNotFound', `ChangeSet [${form.need('ChangeSetName')}] does not exist`, 404);
    return found;
  };
  const stackFor = (form: Form, type: string): StackRecord | undefined => {
    const stack = store.find(form.need('StackName'));
    const reviewed = stack === undefined || stack.status === 'REVIEW_IN_PROGRESS';
    if (type === 'CREATE' && !reviewed) throw new AwsError('ValidationError', `Stack [${stack.name}] already exists and cannot be created again with the changeSet [${form.need('ChangeSetName')}].`);
    if (type === 'UPDATE' && reviewed) throw new AwsError('ValidationError', stack ? `Stack:${stack.id} is in REVIEW_IN_PROGRESS state and can not be updated.` : `Stack [${form.need('StackName')}] does not exist`);
    if (type !== 'CREATE' && type !== 'UPDATE') throw new AwsError('ValidationError', `change sets of type ${type} are not offered by the local cloud`);
    return stack;
  };
  const shown = (changeSet: ChangeSet): { readonly [name: string]: Tree } => ({
    ChangeSetName: changeSet.name, ChangeSetId: changeSet.id, StackId: changeSet.stackId, StackName: changeSet.stackName, Description: changeSet.description,
    CreationTime: moment(changeSet.createdAt), ExecutionStatus: changeSet.executionStatus, Status: changeSet.status, StatusReason: changeSet.reason, IncludeNestedStacks: false,
  });

  return {
    async CreateChangeSet(form) {
      const name = form.need('ChangeSetName');
      const type = form.get('ChangeSetType') ?? 'UPDATE';
      const known = stackFor(form, type);
      const request = await requestIn(form, template);
      const prepared = await prepare(stacks, { ...request, name: known?.name ?? request.name }, known && type === 'UPDATE' ? known.input : undefined);
      const stack = known ?? stacks.review(request.name, prepared.input);
      if (store.changeSets(stack.id).some((each) => each.name === name)) throw new AwsError('AlreadyExistsException', `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Template`);
      const changes = await plannedChanges(stacks, stack, prepared);
      const same = type === 'UPDATE' && sameInput({ input: stack.input, template: await stacks.templateOf(stack) }, prepared);
      const [fault] = prepared.faults.values();
      const reason = fault ?? (same ? NOTHING : undefined);
      const changeSet: ChangeSet = {
        id: `arn:aws:cloudformation:${cloud.region}:${cloud.accountId}:changeSet/${name}/${randomUUID()}`, name, stackId: stack.id, stackName: stack.name, type: type === 'CREATE' ? 'CREATE' : 'UPDATE', description: form.get('Description'), createdAt: stacks.now(),
        status: reason === undefined ? 'CREATE_COMPLETE' : 'FAILED', reason, executionStatus: reason === undefined ? 'AVAILABLE' : 'UNAVAILABLE', input: prepared.input, changes: same ? [] : changes,
      };
      store.saveChangeSet(changeSet);
      await store.committed();
      return { Id: changeSet.id, StackId: stack.id };
    },
    DescribeChangeSet(form) {
      const changeSet = find(form);
      const { page, ...more } = pageOf(changeSet.changes, form, 100);
      return {
        ...shown(changeSet), Parameters: Object.entries(changeSet.input.parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
        NotificationARNs: changeSet.input.notificationArns, RollbackConfiguration: {}, Capabilities: changeSet.input.capabilities, Tags: changeSet.input.tags.map(({ Key, Value }) => ({ Key, Value })),
        Changes: page.map((change) => ({
          Type: 'Resource',
          ResourceChange: {
            Action: change.action, LogicalResourceId: change.logicalId, PhysicalResourceId: change.physicalId, ResourceType: change.type, Replacement: change.replacement,
            Scope: change.action === 'Modify' ? ['Properties'] : [], Details: change.properties.map((Name) => ({ Target: { Attribute: 'Properties', Name, RequiresRecreation: change.replacement === 'True' ? 'Always' : 'Never' }, Evaluation: 'Static', ChangeSource: 'DirectModification' })),
          },
        })),
        ...more,
      };
    },
    ListChangeSets: (form) => {
      const { page, ...more } = pageOf(store.changeSets(stacks.find(form.need('StackName')).id), form, 100);
      return { Summaries: page.map(shown), ...more };
    },
    async DeleteChangeSet(form) {
      // deleting what is not there is no error, as long as the stack is
      const found = look(form);
      if (found) store.dropChangeSet(found);
      await store.committed();
      return {};
    },
    async ExecuteChangeSet(form) {
      const changeSet = find(form);
      if (changeSet.executionStatus !== 'AVAILABLE') throw new AwsError('InvalidChangeSetStatus', `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`);
      const stack = stacks.find(changeSet.stackId);
      if (changeSet.type === 'UPDATE' && form.flag('DisableRollback') === true) throw new AwsError('ValidationError', 'DisableRollback of an update is not offered by the local cloud');
      const request = { name: stack.name, templateBody: changeSet.input.templateBody, inline: false, parameters: changeSet.input.parameters, tags: changeSet.input.tags, capabilities: changeSet.input.capabilities, notificationArns: changeSet.input.notificationArns, roleArn: changeSet.input.roleArn };
      const prepared = await prepare(stacks, request, stack.input);
      if (changeSet.type === 'CREATE') {
        if (stack.status !== 'REVIEW_IN_PROGRESS') throw new AwsError('InvalidChangeSetStatus', `Stack [${stack.name}] is in ${stack.status} state`);
        stack.onFailure = form.flag('DisableRollback') === true ? 'DO_NOTHING' : 'ROLLBACK';
        stacks.runCreate(stack, prepared);
      } else {
        stacks.assertUpdatable(stack);
        stack.packageDir = undefined;
        stacks.runUpdate(stack, prepared, form.get('ClientRequestToken'));
      }
      // others were made against what stood before
      for (const each of store.changeSets(stack.id)) store.dropChangeSet(each);
      await store.committed();
      return {};
    },
  };
}
