import { queryError, xmlText } from './errors.ts';
import { AwsError } from './service.ts';
import type { LocalService } from './service.ts';

const ACCOUNT = '000000000000';

/** Who a key belongs to: roles get keys that the compute side makes. Answers a role's name, undefined for a person. */
export type RoleOf = (accessKeyId: string) => string | undefined;

/** STS: who am I, and keys for a role. `keysFor` makes an access key id for a role and session. */
export function stsService(roleOf: RoleOf = () => undefined, keysFor: (role: string, session: string) => string = (role) => `role/${role}`): LocalService {
  const answer = (operation: string, result: string): string =>
    `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${operation}Response>`;
  return {
    names: ['sts'],
    handle(request) {
      const form = new URLSearchParams(request.body.toString('utf8'));
      const reply = (body: string): Awaited<ReturnType<LocalService['handle']>> => ({ status: 200, headers: { 'content-type': 'text/xml' }, body });
      if (request.operation === 'GetCallerIdentity') {
        const role = roleOf(request.accessKeyId);
        const arn = role === undefined ? `arn:aws:iam::${ACCOUNT}:user/${request.accessKeyId}` : `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${role}`;
        return Promise.resolve(reply(answer('GetCallerIdentity', `<Arn>${xmlText(arn)}</Arn><UserId>${xmlText(request.accessKeyId)}</UserId><Account>${ACCOUNT}</Account>`)));
      }
      if (request.operation === 'AssumeRole') {
        const arn = form.get('RoleArn') ?? '';
        const session = form.get('RoleSessionName') ?? 'session';
        const role = arn.split('/').at(-1) ?? '';
        const expires = new Date(Date.now() + Number(form.get('DurationSeconds') ?? 3600) * 1000).toISOString();
        const keys = `<Credentials><AccessKeyId>${xmlText(keysFor(role, session))}</AccessKeyId><SecretAccessKey>local</SecretAccessKey><SessionToken>local</SessionToken><Expiration>${expires}</Expiration></Credentials>`;
        return Promise.resolve(reply(answer('AssumeRole', `${keys}<AssumedRoleUser><Arn>arn:aws:sts::${ACCOUNT}:assumed-role/${xmlText(role)}/${xmlText(session)}</Arn><AssumedRoleId>local:${xmlText(session)}</AssumedRoleId></AssumedRoleUser>`)));
      }
      process.stderr.write(`local cloud: sts has no operation ${request.operation}\n`);
      return Promise.resolve(queryError(new AwsError('InvalidAction', `${request.operation} is not implemented by the local cloud`)));
    },
    close: () => Promise.resolve(),
  };
}
