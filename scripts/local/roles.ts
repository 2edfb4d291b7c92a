import { AwsError } from './service.ts';
import type { Collection } from './documents.ts';
import { principalOfAssumed } from './gate/access/assumed-key.ts';
import { accessDenied } from './gate/access/refusal.ts';
import { nameOfRole, sessionArn, type AccessRules, type Judge, type Principal } from './gate/access/judge.ts';
import type { Context } from './gate/access/condition.ts';
import { compileStatements, judge as judgeStatements, statementsOf, type Statement } from './gate/access/policy.ts';
import { MalformedPolicy } from './gate/access/wildcard.ts';

export interface Role {
  readonly name: string;
  /** Policies as templates give them: `{ PolicyName, PolicyDocument }`. */
  readonly policies: readonly unknown[];
  /** Its trust policy: who may assume it. */
  readonly trust: unknown;
  /** ISO 8601. */
  readonly createdAt?: string;
}

/** Roles with their policies, the access keys that stand for them, and the policies of resources. */
export interface RoleBook {
  /** Makes the role or replaces it. @throws AwsError MalformedPolicyDocument */
  set(arn: string, role: Role): void;
  remove(arn: string): void;
  /** By name or ARN. */
  find(nameOrArn: string): { readonly arn: string; readonly role: Role } | undefined;
  all(): { readonly arn: string; readonly role: Role }[];
  /** The key whose calls are allowed by the role. @param session its sessions' name, default the key itself */
  assign(accessKeyId: string, roleArn: string, session?: string): void;
  /** As `assign`, and over a restart: for keys that nothing in a template gives. */
  keep(accessKeyId: string, roleArn: string): void;
  roleOf(accessKeyId: string): string | undefined;
  /** A key stands for it, or somebody else works under it. */
  isAssumed(roleArn: string): boolean;
  principalOf(accessKeyId: string): Principal | undefined;
  /** Which services and roles may use a function, a topic, a queue, a bucket; undefined takes the policy away. @throws AwsError MalformedPolicyDocument */
  setResourcePolicy(resourceArn: string, document: unknown): void;
  resourcePolicy(resourceArn: string): unknown;
  /** Whether a service (`lambda.amazonaws.com`) may assume the role, for `sourceArn`; a role that is not there may not be assumed. */
  mayAssume(roleArn: string, service: string, sourceArn?: string): boolean;
  /** Whether the role's trust policy names another role or its account. */
  trusts(roleArn: string, caller: Principal): boolean;
  /** For what the local cloud does on behalf of a key without an HTTP call. A key that stands for no role is the administrator's. @throws AwsError as `service` words it */
  demand(accessKeyId: string, action: string, resource: string, context?: Context): void;
  may(accessKeyId: string, action: string, resource: string, context?: Context): boolean;
  /** For what an AWS service does to a resource whose policy must allow it. @throws AwsError AccessDeniedException */
  demandService(service: string, action: string, resource: string, sourceArn: string): void;
  /** All endpoints know all roles. */
  settled(): Promise<void>;
}

export interface RoleBookOptions {
  /** The main thread's judge. */
  readonly judge: Judge;
  /** Tells the other endpoints; the main thread's judge too. */
  readonly tell: (rules: AccessRules) => Promise<void>;
  readonly roles: Collection<Role>;
  readonly policies: Collection<unknown>;
  /** Roles of kept keys. */
  readonly keys: Collection<string>;
}

const statementsOfRole = ({ policies }: Role): Statement[] => policies.flatMap((policy) => {
  if (typeof policy === 'string') throw new MalformedPolicy(`the local cloud does not know the managed policy ${policy}: write its statements out`);
  return statementsOf((policy as { PolicyDocument?: unknown }).PolicyDocument);
});

function wellFormed(statements: () => Statement[]): readonly Statement[] {
  try {
    const given = statements();
    compileStatements(given);
    return given;
  } catch (error) {
    if (error instanceof MalformedPolicy) throw new AwsError('MalformedPolicyDocument', error.message);
    throw error;
  }
}

const ADMINISTRATOR: Principal = { roleArn: 'arn:aws:iam::000000000000:role/administrator', session: 'local' };

export function createRoleBook({ judge, tell, roles, policies, keys: keptKeys }: RoleBookOptions): RoleBook {
  const keys = new Map(keptKeys.all().map(({ name, content }): [string, Principal] => [name, { roleArn: content, session: name }]));
  let told: Promise<void> = Promise.resolve();
  const say = (rules: AccessRules): void => {
    told = Promise.all([told, tell(rules)]).then(() => undefined);
    told.catch((error: unknown) => process.stderr.write(`local cloud: access rules: ${String(error)}\n`));
  };
  const known = new Map(roles.all().map(({ name, content }) => [name, content]));
  say({
    roles: Object.fromEntries([...known].map(([arn, role]) => [arn, statementsOfRole(role)])),
    keys: Object.fromEntries(keys),
    resources: Object.fromEntries(policies.all().map(({ name, content }) => [name, statementsOf(content)])),
  });
  const find: RoleBook['find'] = (nameOrArn) => {
    const arn = nameOrArn.startsWith('arn:') ? nameOrArn : [...known.keys()].find((each) => nameOfRole(each) === nameOrArn);
    const role = arn === undefined ? undefined : known.get(arn);
    return arn !== undefined && role ? { arn, role } : undefined;
  };
  const principalOf = (accessKeyId: string): Principal | undefined => {
    const assumed = principalOfAssumed(accessKeyId);
    return assumed === 'expired' ? undefined : (assumed ?? keys.get(accessKeyId));
  };
  const may: RoleBook['may'] = (accessKeyId, action, resource, context) => {
    const principal = principalOf(accessKeyId);
    return !principal || judge.may(principal, action, resource, context) === 'allowed';
  };

  const assign: RoleBook['assign'] = (accessKeyId, roleArn, session = accessKeyId) => {
    const before = keys.get(accessKeyId);
    if (before?.roleArn === roleArn && before.session === session) return;
    keys.set(accessKeyId, { roleArn, session });
    say({ keys: { [accessKeyId]: { roleArn, session } } });
  };

  return {
    set(arn, role) {
      const statements = wellFormed(() => statementsOfRole(role));
      wellFormed(() => statementsOf(role.trust));
      known.set(arn, role);
      roles.put(arn, role);
      say({ roles: { [arn]: statements } });
    },
    remove(arn) {
      known.delete(arn);
      roles.remove(arn);
      say({ roles: { [arn]: null } });
    },
    find,
    all: () => [...known].map(([arn, role]) => ({ arn, role })),
    assign,
    keep(accessKeyId, roleArn) {
      keptKeys.put(accessKeyId, roleArn);
      assign(accessKeyId, roleArn);
    },
    isAssumed: (roleArn) => [...keys.values()].some((principal) => principal.roleArn === roleArn),
    roleOf: (accessKeyId) => principalOf(accessKeyId)?.roleArn,
    principalOf,
    setResourcePolicy(resourceArn, document) {
      const statements = wellFormed(() => statementsOf(document));
      if (JSON.stringify(policies.get(resourceArn) ?? { Statement: [] }) === JSON.stringify(document)) return;
      if (statements.length === 0) policies.remove(resourceArn);
      else policies.put(resourceArn, document);
      say({ resources: { [resourceArn]: statements.length === 0 ? null : statements } });
    },
    resourcePolicy: (resourceArn) => policies.get(resourceArn),
    mayAssume(roleArn, service, sourceArn) {
      const found = known.get(roleArn);
      if (!found) return false;
      const [name = '', ...suffix] = service.split('.');
      // a region's own principal, as the framework writes it for state machines
      const names = ['*', `Service:${service}`, `Service:${name}.eu-west-1.${suffix.join('.')}`];
      const context: Context = (key) => (key === 'aws:sourceaccount' ? ['000000000000'] : key === 'aws:sourcearn' && sourceArn !== undefined ? [sourceArn] : undefined);
      return judgeStatements(compileStatements(statementsOf(found.trust)), 'sts:AssumeRole', '*', context, (principals) => principals.some((one) => names.includes(one))).outcome === 'allowed';
    },
    trusts(roleArn, caller) {
      const names = ['*', `AWS:${caller.roleArn}`, `AWS:${sessionArn(caller)}`, 'AWS:arn:aws:iam::000000000000:root', 'AWS:000000000000'];
      const trust = compileStatements(statementsOf(known.get(roleArn)?.trust));
      return judgeStatements(trust, 'sts:AssumeRole', '*', () => undefined, (principals) => principals.some((one) => names.includes(one))).outcome === 'allowed';
    },
    may,
    demand(accessKeyId, action, resource, context) {
      if (!may(accessKeyId, action, resource, context)) throw accessDenied(action.split(':', 1)[0] ?? '', principalOf(accessKeyId) ?? ADMINISTRATOR, action, resource, 'not granted');
    },
    demandService(service, action, resource, sourceArn) {
      if (judge.mayService(service, action, resource, sourceArn) === 'allowed') return;
      throw new AwsError('AccessDeniedException', `${service} is not authorized to perform: ${action} on resource: ${resource} for ${sourceArn} because no resource-based policy allows the ${action} action`, 403);
    },
    settled: () => told,
  };
}
