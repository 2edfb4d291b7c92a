import type { ServerResponse } from 'node:http';
import type { AwsCaller } from './aws-call.ts';
import { createAccessLedger } from './access-ledger.ts';
import type { DataServices } from './data-services.ts';
import type { AccessCounts } from './gate/access/judge.ts';
import type { PolicyChange } from './gate/access.ts';
import type { RoleBook } from './roles.ts';

const answer = (response: unknown, value: unknown, status = 200): void => {
  (response as ServerResponse).writeHead(status, { 'content-type': 'application/json' });
  (response as ServerResponse).end(JSON.stringify(value));
};

/** A queue's, topic's or bucket's policy as its service shows it; without statements where there is none, or none but the default one. */
async function policyOf(arn: string, aws: AwsCaller): Promise<unknown> {
  const [, , service = '', , account = '', name = ''] = arn.split(':');
  const shown = await (service === 's3' ? aws.rest('s3', 'GET', `/${name}?policy`).then(({ body }) => body.toString('utf8'))
    : service === 'sqs' ? aws.call('sqs', 'GetQueueAttributes', { QueueUrl: `http://local/${account}/${name}`, AttributeNames: ['Policy'] }).then((answer) => (answer['Attributes'] as { Policy?: string } | undefined)?.Policy)
      : topicPolicy(arn, aws)).catch(() => undefined);
  const document = JSON.parse(shown === undefined || shown === '' ? '{"Statement":[]}' : shown) as { Id?: string };
  return document.Id === '__default_policy_ID' ? { Statement: [] } : document;
}

async function topicPolicy(arn: string, aws: AwsCaller): Promise<string | undefined> {
  const { body } = await aws.rest('sns', 'POST', '/', `Action=GetTopicAttributes&TopicArn=${encodeURIComponent(arn)}`, { 'content-type': 'application/x-www-form-urlencoded' });
  const shown = /<key>Policy<\/key>\s*<value>([^<]*)<\/value>/.exec(body.toString('utf8'))?.[1];
  return shown?.replace(/&(?:#(\d+)|#x([\da-f]+)|quot|apos|lt|gt|amp);/gi, (entity, decimal?: string, hex?: string) => (decimal ? String.fromCodePoint(Number(decimal)) : hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : ({ '&quot;': '"', '&apos;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' }[entity] ?? entity)));
}

/**
 * `GET /_local/access`: every grant of every role with the calls that it let through, and what was refused.
 * `POST /_local/access/keys` `{"accessKeyId", "role"}`: lets a key stand for a role, as an instance profile does on EC2.
 */
export function registerAccess(data: DataServices, roles: RoleBook, aws: AwsCaller): void {
  const ledger = createAccessLedger();
  data.gate.onReport(({ checkpoint, payload }) => {
    if (checkpoint !== 'access') return;
    const told = payload as AccessCounts | PolicyChange;
    if ('policyOf' in told) void policyOf(told.policyOf, aws).then((document) => roles.setResourcePolicy(told.policyOf, document)).catch((error: unknown) => process.stderr.write(`local cloud: policy of ${told.policyOf}: ${String(error)}\n`));
    else ledger.add(told);
  });
  data.router.admin('access', async (request, response, body) => {
    if (request.method === 'POST') {
      const { accessKeyId, role } = JSON.parse(body.toString('utf8')) as { accessKeyId: string; role: string };
      const found = roles.find(role);
      if (!found) return answer(response, { message: `there is no role ${role}` }, 404);
      roles.keep(accessKeyId, found.arn);
      await roles.settled();
      return answer(response, { roleArn: found.arn });
    }
    await data.gate.tell('access', {}); // every endpoint first tells what it has counted
    return answer(response, ledger.snapshot(roles));
  });
}
