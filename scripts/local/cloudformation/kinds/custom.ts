import { randomUUID } from 'node:crypto';
import { plainText } from '../../plain-text.ts';
import { text, type Cloud, type Existing, type Made, type ResourceKind } from '../kind.ts';

/** How long CloudFormation waits where the template does not say. */
const PATIENCE_SECONDS = 3600;
/** How long a function may take to end after it has answered. */
const END_WITHIN_MS = 2000;

type Reply = Readonly<Record<string, unknown>>;

/**
 * Calls the function and waits for what it PUTs to ResponseURL.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 * A function that fails is not waited for: nobody could answer any more.
 */
async function ask(type: 'Create' | 'Update' | 'Delete', resource: Existing, cloud: Cloud, { old, cancelled }: { readonly old?: Existing; readonly cancelled?: AbortSignal } = {}): Promise<Reply> {
  const { ServiceToken, ServiceTimeout, ...properties } = resource.properties;
  const desk = cloud.customResource();
  const { url, answer } = desk;
  const event = {
    RequestType: type, ServiceToken, ResponseURL: url, StackId: resource.stackId, RequestId: randomUUID(), ResourceType: resource.type, LogicalResourceId: resource.logicalId,
    ...(type === 'Create' ? {} : { PhysicalResourceId: resource.physicalId }),
    ResourceProperties: { ServiceToken, ...properties }, ...(old ? { OldResourceProperties: old.properties } : {}),
  };
  const seconds = Number(ServiceTimeout ?? PATIENCE_SECONDS);
  let answered = false;
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId [${event.RequestId}].`)), seconds * 1000);
      timer.unref();
      cancelled?.addEventListener('abort', () => reject(new Error('Resource operation cancelled')), { once: true });
    });
    const invoked = cloud.lambda.invoke(plainText(ServiceToken), JSON.stringify(event)).then((result): Promise<Reply> => {
      if (result.functionError) throw new Error(`Received response status [FAILED] from custom resource. Message returned: its function failed: ${result.payload.slice(0, 500)}`);
      if (!answered) process.stderr.write(`local cloud: stack ${resource.stackName}: the function of ${resource.logicalId} has returned without an answer to ResponseURL: waiting for up to ${seconds} s, as AWS does\n`);
      return answer;
    });
    const reply = await Promise.race([answer.finally(() => (answered = true)), invoked, late]);
    // its last log lines come before its log group may go
    await Promise.race([invoked.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, END_WITHIN_MS).unref())]);
    if (reply['Status'] !== 'SUCCESS') throw new Error(`Received response status [FAILED] from custom resource. Message returned: ${plainText(reply['Reason'] ?? 'none')}`);
    return reply;
  } finally {
    clearTimeout(timer);
    desk.forget();
  }
}

function made(reply: Reply, otherwise: string): Made {
  const data = (reply['Data'] ?? {}) as Reply;
  return { physicalId: plainText(reply['PhysicalResourceId'] ?? otherwise), attributes: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, plainText(value)])) };
}

/** A resource that a function makes: Create once, Update with the old properties, Delete when it goes; another PhysicalResourceId is a replacement. */
export const customResource: ResourceKind = {
  create: async (input, cloud) => made(await ask('Create', input, cloud, input), input.physicalId),
  update: async (input, cloud, old) => made(await ask('Update', input, cloud, { old, cancelled: input.cancelled }), input.physicalId),
  async remove(existing, cloud) {
    if (text(existing.properties, 'ServiceToken', '') !== '') await ask('Delete', existing, cloud);
  },
};
