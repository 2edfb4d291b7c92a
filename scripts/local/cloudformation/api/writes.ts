import { AwsError } from '../../service.ts';
import type { StackRecord } from '../records.ts';
import { readStackPolicy } from '../stack-policy.ts';
import type { StackRequest } from '../stack-request.ts';
import type { Stacks } from '../stacks.ts';
import type { Form, Operations } from './form.ts';

export interface GivenTemplate { readonly body: string; readonly inline: boolean }

/** Bucket and key of a template's address: path style, virtual-host style, or this machine's. */
function placeOf(address: string): { bucket: string; key: string } | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) return undefined;
  const path = decodeURIComponent(url.pathname.slice(1));
  const [, bucket] = /^([^.].*)\.s3[.-][\w.-]*amazonaws\.com$/.exec(url.hostname) ?? [];
  if (bucket !== undefined) return { bucket, key: path };
  const slash = path.indexOf('/');
  return slash < 1 ? undefined : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

/** The template that a request brings, in itself or in S3. */
export const templateIn = (stacks: Pick<Stacks, 'cloud'>) => async (form: Form): Promise<GivenTemplate | undefined> => {
  const body = form.get('TemplateBody');
  if (body !== undefined) return { body, inline: true };
  const address = form.get('TemplateURL');
  if (address === undefined) return undefined;
  const place = placeOf(address);
  if (!place) throw new AwsError('ValidationError', 'TemplateURL must be a supported URL.');
  const found = await stacks.cloud.aws.rest('s3', 'GET', `/${place.bucket}/${place.key.split('/').map(encodeURIComponent).join('/')}`).catch((error: unknown) => {
    throw new AwsError('ValidationError', `S3 error: ${error instanceof Error ? error.message : String(error)}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html`);
  });
  return { body: found.body.toString('utf8'), inline: false };
};

const ON_FAILURE = ['ROLLBACK', 'DELETE', 'DO_NOTHING'] as const;

function onFailure(form: Form): StackRecord['onFailure'] | undefined {
  const given = form.get('OnFailure') ?? form.get('OnStackFailure');
  const disabled = form.flag('DisableRollback');
  if (given !== undefined && disabled !== undefined) throw new AwsError('ValidationError', 'Specify exactly one of DisableRollback and OnFailure.');
  if (given === undefined) return disabled === true ? 'DO_NOTHING' : undefined;
  const known = ON_FAILURE.find((each) => each === given);
  if (!known) throw new AwsError('ValidationError', `1 validation error detected: Value '${given}' at 'onFailure' failed to satisfy constraint: Member must satisfy enum value set: [${ON_FAILURE.join(', ')}]`);
  return known;
}

/** Parameters that would change what happens. */
const NOT_OFFERED = [
  'ResourcesToImport.member.1', 'ImportExistingResources', 'ResourceTypes.member.1', 'RollbackConfiguration.RollbackTriggers.member.1.Arn', 'StackPolicyURL', 'StackPolicyDuringUpdateBody', 'StackPolicyDuringUpdateURL', 'RetainExceptOnCreate', 'IncludeNestedStacks', 'DeploymentMode',
];

/** What CreateStack, UpdateStack and CreateChangeSet are given. */
export async function requestIn(form: Form, template: (form: Form) => Promise<GivenTemplate | undefined>): Promise<StackRequest> {
  for (const name of NOT_OFFERED) {
    if (form.get(name) !== undefined && form.get(name) !== 'false') throw new AwsError('ValidationError', `${name.split('.')[0] ?? name} is not offered by the local cloud`);
  }
  const given = await template(form);
  const tags = form.objects('Tags')?.map((tag) => ({ Key: tag['Key'] ?? '', Value: tag['Value'] ?? '' }));
  return {
    name: form.need('StackName'), templateBody: given?.body, inline: given?.inline ?? false, usePreviousTemplate: form.flag('UsePreviousTemplate') ?? false,
    parameters: Object.fromEntries((form.objects('Parameters') ?? []).map((each) => [each['ParameterKey'] ?? '', each['UsePreviousValue'] === 'true' ? undefined : (each['ParameterValue'] ?? '')])),
    tags, capabilities: form.list('Capabilities') ?? [], notificationArns: form.list('NotificationARNs'), roleArn: form.get('RoleARN'), token: form.get('ClientRequestToken'),
    onFailure: onFailure(form), terminationProtection: form.flag('EnableTerminationProtection') ?? false, policy: form.get('StackPolicyBody'), timeoutMinutes: form.get('TimeoutInMinutes') === undefined ? undefined : Number(form.get('TimeoutInMinutes')),
  };
}

export function writes(stacks: Stacks): Operations {
  const template = templateIn(stacks);
  const { store } = stacks;
  return {
    async CreateStack(form) {
      const { id } = await stacks.create(await requestIn(form, template));
      await store.committed();
      return { StackId: id };
    },
    async UpdateStack(form) {
      if (form.flag('DisableRollback') === true) throw new AwsError('ValidationError', 'DisableRollback of an update is not offered by the local cloud');
      const { id } = await stacks.update(await requestIn(form, template));
      await store.committed();
      return { StackId: id };
    },
    async DeleteStack(form) {
      if (form.get('DeletionMode') === 'FORCE_DELETE_STACK') throw new AwsError('ValidationError', 'DeletionMode FORCE_DELETE_STACK is not offered by the local cloud: name the resources in RetainResources');
      stacks.remove(form.need('StackName'), form.list('RetainResources'), form.get('ClientRequestToken'));
      await store.committed();
      return undefined;
    },
    CancelUpdateStack(form) {
      stacks.cancelUpdate(form.need('StackName'));
      return undefined;
    },
    async ContinueUpdateRollback(form) {
      await stacks.continueRollback(form.need('StackName'));
      return {};
    },
    SetStackPolicy(form) {
      const stack = stacks.find(form.need('StackName'));
      const body = form.need('StackPolicyBody');
      readStackPolicy(body);
      stack.policy = body;
      store.save(stack);
      return undefined;
    },
    UpdateTerminationProtection(form) {
      const stack = stacks.find(form.need('StackName'));
      stack.terminationProtection = form.flag('EnableTerminationProtection') ?? false;
      store.save(stack);
      return { StackId: stack.id };
    },
  };
}
