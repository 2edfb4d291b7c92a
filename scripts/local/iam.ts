import { queryError, xmlText } from './errors.ts';
import { AwsError } from './service.ts';
import type { AwsRequest, LocalService } from './service.ts';
import type { Role, RoleBook } from './roles.ts';

const ACCOUNT = '000000000000';

interface Inline { readonly PolicyName: string; readonly PolicyDocument: unknown }

const inlineOf = (role: Role): Inline[] => role.policies.filter((policy): policy is Inline => typeof policy === 'object' && policy !== null && 'PolicyName' in policy);
const tag = (name: string, value: string): string => `<${name}>${xmlText(value)}</${name}>`;
/** Documents are given back percent-encoded, as IAM does. */
const encoded = (document: unknown): string => encodeURIComponent(JSON.stringify(document));
const roleXml = (arn: string, role: Role): string => {
  const path = arn.slice(arn.indexOf(':role') + 5, arn.lastIndexOf('/') + 1);
  return tag('Path', path) + tag('RoleName', role.name) + tag('RoleId', `AROA${role.name.toUpperCase().replace(/[^A-Z0-9]/g, '').padEnd(17, '0').slice(0, 17)}`) + tag('Arn', arn) + tag('CreateDate', role.createdAt ?? '2026-01-01T00:00:00Z') + tag('AssumeRolePolicyDocument', encoded(role.trust));
};

/** Roles and their inline policies. https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html */
export function iamService(roles: RoleBook, now: () => number = Date.now): LocalService {
  const parse = (text: string): unknown => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new AwsError('MalformedPolicyDocument', 'Syntax errors in policy.');
    }
  };
  const need = (form: URLSearchParams, name: string): string => {
    const value = form.get(name);
    if (value === null || value === '') throw new AwsError('ValidationError', `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`);
    return value;
  };
  const find = (form: URLSearchParams): { arn: string; role: Role } => {
    const name = need(form, 'RoleName');
    const found = roles.find(name);
    if (!found) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
    return found;
  };
  const policy = (form: URLSearchParams): Inline => {
    const { role } = find(form);
    const name = need(form, 'PolicyName');
    const found = inlineOf(role).find((each) => each.PolicyName === name);
    if (!found) throw new AwsError('NoSuchEntity', `The role policy with name ${name} cannot be found.`, 404);
    return found;
  };
  const without = (role: Role, name: string): unknown[] => role.policies.filter((each) => (each as Inline).PolicyName !== name);

  const OPERATIONS: Readonly<Record<string, (form: URLSearchParams) => string | undefined>> = {
    CreateRole(form) {
      const name = need(form, 'RoleName');
      if (roles.find(name)) throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
      const arn = `arn:aws:iam::${ACCOUNT}:role${form.get('Path') ?? '/'}${name}`;
      roles.set(arn, { name, policies: [], trust: parse(need(form, 'AssumeRolePolicyDocument')), createdAt: new Date(now()).toISOString() });
      return `<Role>${roleXml(arn, find(form).role)}</Role>`;
    },
    GetRole(form) {
      const { arn, role } = find(form);
      return `<Role>${roleXml(arn, role)}</Role>`;
    },
    ListRoles: () => `<Roles>${roles.all().map(({ arn, role }) => `<member>${roleXml(arn, role)}</member>`).join('')}</Roles><IsTruncated>false</IsTruncated>`,
    DeleteRole(form) {
      const { arn, role } = find(form);
      if (role.policies.length > 0) throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
      roles.remove(arn);
      return undefined;
    },
    UpdateAssumeRolePolicy(form) {
      const { arn, role } = find(form);
      roles.set(arn, { ...role, trust: parse(need(form, 'PolicyDocument')) });
      return undefined;
    },
    PutRolePolicy(form) {
      const { arn, role } = find(form);
      const name = need(form, 'PolicyName');
      roles.set(arn, { ...role, policies: [...without(role, name), { PolicyName: name, PolicyDocument: parse(need(form, 'PolicyDocument')) }] });
      return undefined;
    },
    GetRolePolicy(form) {
      const found = policy(form);
      return tag('RoleName', need(form, 'RoleName')) + tag('PolicyName', found.PolicyName) + tag('PolicyDocument', encoded(found.PolicyDocument));
    },
    DeleteRolePolicy(form) {
      const { arn, role } = find(form);
      roles.set(arn, { ...role, policies: without(role, policy(form).PolicyName) });
      return undefined;
    },
    ListRolePolicies: (form) => `<PolicyNames>${inlineOf(find(form).role).map(({ PolicyName }) => tag('member', PolicyName)).join('')}</PolicyNames><IsTruncated>false</IsTruncated>`,
    ListAttachedRolePolicies: (form) => (find(form), '<AttachedPolicies/><IsTruncated>false</IsTruncated>'),
  };

  const answer = async (request: AwsRequest): Promise<string> => {
    const run = Object.hasOwn(OPERATIONS, request.operation) ? OPERATIONS[request.operation] : undefined;
    if (!run) {
      process.stderr.write(`local cloud: iam has no operation ${request.operation}\n`);
      throw new AwsError('InvalidAction', `Could not find operation ${request.operation}: the local cloud has roles and their inline policies only`);
    }
    const result = run(new URLSearchParams(request.body.toString('utf8')));
    await roles.settled(); // IAM itself takes seconds; here it holds everywhere when the call returns
    return result === undefined ? '' : `<${request.operation}Result>${result}</${request.operation}Result>`;
  };
  return {
    names: ['iam'],
    handle: (request) => answer(request).then(
      (result) => ({ status: 200, headers: { 'content-type': 'text/xml' }, body: `<${request.operation}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/">${result}<ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${request.operation}Response>` }),
      queryError,
    ),
    close: () => Promise.resolve(),
  };
}
