import { queryError, xmlText } from './errors.ts';
import { assumedKey } from './gate/access/assumed-key.ts';
import { nameOfRole, sessionArn } from './gate/access/judge.ts';
import type { RoleBook } from './roles.ts';
import { AwsError } from './service.ts';
import type { AwsRequest, LocalService } from './service.ts';

const ACCOUNT = '000000000000';
const tag = (name: string, value: string): string => `<${name}>${xmlText(value)}</${name}>`;

/**
 * STS: who am I, and keys for a role. https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
 * The administrator may assume every role, whatever its trust policy says: so a person can try what a role may.
 * @param roles without them any role can be assumed and means nothing
 */
export function stsService(roles?: Pick<RoleBook, 'find' | 'principalOf' | 'trusts'>, now: () => number = Date.now): LocalService {
  const callerArn = (accessKeyId: string): string => {
    const principal = roles?.principalOf(accessKeyId);
    return principal ? sessionArn(principal) : `arn:aws:iam::${ACCOUNT}:user/${accessKeyId}`;
  };
  const assume = (form: URLSearchParams, accessKeyId: string): string => {
    const roleArn = form.get('RoleArn') ?? '';
    const session = form.get('RoleSessionName') ?? '';
    const seconds = Number(form.get('DurationSeconds') ?? 3600);
    if (!/^[\w+=,.@-]{2,64}$/.test(session)) throw new AwsError('ValidationError', `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`);
    if (!(seconds >= 900 && seconds <= 43_200)) throw new AwsError('ValidationError', `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 43200`);
    if (form.has('Policy') || form.has('PolicyArns.member.1.arn')) throw new AwsError('PackedPolicyTooLarge', 'The local cloud has no session policies: leave Policy and PolicyArns out');
    const caller = roles?.principalOf(accessKeyId);
    if (roles && (!roles.find(roleArn) || (caller && !roles.trusts(roleArn, caller)))) throw new AwsError('AccessDenied', `User: ${callerArn(accessKeyId)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`, 403);
    const expires = Math.floor(now() / 1000) + seconds;
    return `<Credentials>${tag('AccessKeyId', assumedKey(roleArn, session, expires))}${tag('SecretAccessKey', 'local')}${tag('SessionToken', 'local')}${tag('Expiration', new Date(expires * 1000).toISOString())}</Credentials>`
      + `<AssumedRoleUser>${tag('Arn', sessionArn({ roleArn, session }))}${tag('AssumedRoleId', `AROALOCAL${nameOfRole(roleArn)}:${session}`)}</AssumedRoleUser>`;
  };
  const answer = ({ operation, accessKeyId, body }: AwsRequest): string => {
    if (operation === 'GetCallerIdentity') return tag('Arn', callerArn(accessKeyId)) + tag('UserId', accessKeyId) + tag('Account', ACCOUNT);
    if (operation === 'AssumeRole') return assume(new URLSearchParams(body.toString('utf8')), accessKeyId);
    process.stderr.write(`local cloud: sts has no operation ${operation}\n`);
    throw new AwsError('InvalidAction', `${operation} is not implemented by the local cloud`);
  };
  return {
    names: ['sts'],
    handle: (request) => Promise.resolve().then(() => answer(request)).then(
      (result) => ({ status: 200, headers: { 'content-type': 'text/xml' }, body: `<${request.operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${request.operation}Result>${result}</${request.operation}Result><ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${request.operation}Response>` }),
      queryError,
    ),
    close: () => Promise.resolve(),
  };
}
