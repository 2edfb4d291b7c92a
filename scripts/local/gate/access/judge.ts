import type { Context } from './condition.ts';
import { compileStatements, judge, type CompiledStatement, type Grant, type Statement, type Verdict } from './policy.ts';

export const ACCOUNT = '000000000000';
export const REGION = 'eu-west-1';

/** Who is behind an access key. */
export interface Principal {
  readonly roleArn: string;
  /** Role session: a function's name, or what was given to AssumeRole. */
  readonly session: string;
}

/** Roles, keys and resource policies; `null` takes one away. Each message tells only what has changed. */
export interface AccessRules {
  readonly roles?: Readonly<Record<string, readonly Statement[] | null>>;
  readonly keys?: Readonly<Record<string, Principal | null>>;
  /** Policies of resources by ARN: a function's, a queue's, a topic's, a bucket's. */
  readonly resources?: Readonly<Record<string, readonly Statement[] | null>>;
}

/** Calls of one role, action and resource: as granted for what was let through, as asked for what was not. */
export interface AccessCount { readonly role: string; readonly action: string; readonly resource: string; readonly calls: number }

export interface AccessCounts { readonly used: readonly AccessCount[]; readonly denied: readonly AccessCount[] }

interface ActionRule {
  readonly relevant: readonly CompiledStatement[];
  readonly conditional: boolean;
  readonly verdicts: Map<string, Verdict>;
}
interface JudgedRole { readonly statements: readonly CompiledStatement[]; readonly actions: Map<string, ActionRule> }

const VERDICTS_KEPT = 1000;
const NOTHING: Context = () => undefined;
/** A resource policy belongs to the bucket of an object, and to the function of a version. */
const ownerOf = (resource: string): string => (resource.startsWith('arn:aws:s3:::') ? resource.split('/', 1)[0] : resource.startsWith('arn:aws:lambda:') ? resource.split(':').slice(0, 7).join(':') : resource) ?? resource;
export const nameOfRole = (roleArn: string): string => roleArn.slice(roleArn.lastIndexOf('/') + 1);
export const sessionArn = ({ roleArn, session }: Principal): string => `arn:aws:sts::${ACCOUNT}:assumed-role/${nameOfRole(roleArn)}/${session}`;

/** What is asked about every caller's role. TLS is taken as given: on AWS the same client would use it. */
const contextOfRole = ({ roleArn, session }: Principal, more: Context): Context => (key) => {
  switch (key) {
    case 'aws:principalarn': return [roleArn];
    case 'aws:principalaccount': case 'aws:sourceowner': return [ACCOUNT];
    case 'aws:principaltype': return ['AssumedRole'];
    case 'aws:userid': return [`AROALOCAL:${session}`];
    case 'aws:principalisawsservice': return ['false'];
    default: return contextOfCall(more)(key);
  }
};
const contextOfCall = (more: Context): Context => (key) => {
  switch (key) {
    case 'aws:requestedregion': return [REGION];
    case 'aws:securetransport': return ['true'];
    case 'aws:currenttime': return [new Date().toISOString()];
    case 'aws:epochtime': return [String(Math.floor(Date.now() / 1000))];
    default: return more(key);
  }
};

/** Whether a resource's policy lets an AWS service act for `sourceArn`. */
export function judgeService(policy: readonly CompiledStatement[], service: string, action: string, resource: string, sourceArn: string): Verdict['outcome'] {
  const context = contextOfCall((key) => {
    switch (key) {
      case 'aws:sourcearn': return [sourceArn];
      case 'aws:sourceaccount': return [ACCOUNT];
      case 'aws:principalservicename': return [service];
      case 'aws:sourceowner': return service === 'cloudwatch.amazonaws.com' ? [ACCOUNT] : undefined; // what a topic's default policy asks for
      case 'aws:principalisawsservice': return ['true'];
      default: return undefined;
    }
  });
  return judge(policy, action, resource, context, (principals) => principals.includes('*') || principals.includes(`Service:${service}`)).outcome;
}

/** The one judge of who may do what; there is one in every thread that takes calls, and all hold the same rules. */
export interface Judge {
  set(rules: AccessRules): void;
  principalOf(accessKeyId: string): Principal | undefined;
  knows(roleArn: string): boolean;
  /** Whether the role may; counted as used. In one account the role's own policies or the resource's policy must allow it, and neither deny it. */
  may(principal: Principal, action: string, resource: string, context?: Context): Verdict['outcome'];
  /** Whether the resource's policy lets an AWS service (`events.amazonaws.com`) act for `sourceArn`. */
  mayService(service: string, action: string, resource: string, sourceArn: string): Verdict['outcome'];
  /** What was counted since it was last asked. */
  counts(): AccessCounts;
}

/** @param onCounted there is something to tell */
export function createJudge(onCounted: () => void = () => undefined): Judge {
  const roles = new Map<string, JudgedRole>();
  const keys = new Map<string, Principal>();
  const resources = new Map<string, readonly CompiledStatement[]>();
  const denied = new Map<string, { role: string; action: string; resource: string; calls: number }>();
  /** Of roles that were replaced since the last telling. */
  let left: AccessCount[] = [];

  const usedOf = (role: string, { statements }: JudgedRole): AccessCount[] => statements.flatMap(({ grants }) => grants).filter((grant) => grant.uses > 0).map((grant) => {
    const { action, resource, uses } = grant;
    grant.uses = 0;
    return { role, action, resource, calls: uses };
  });
  const use = (grants: readonly Grant[]): void => {
    for (const grant of grants) grant.uses += 1;
    onCounted();
  };
  const deny = (role: string, action: string, resource: string): void => {
    const key = `${role}\n${action}\n${resource}`;
    const known = denied.get(key);
    if (known) known.calls += 1;
    else denied.set(key, { role, action, resource, calls: 1 });
    onCounted();
  };
  const verdictOf = (principal: Principal, role: JudgedRole, action: string, resource: string, context: Context): Verdict => {
    let rule = role.actions.get(action);
    if (!rule) {
      const relevant = role.statements.filter((statement) => statement.coversAction(action));
      role.actions.set(action, (rule = { relevant, conditional: relevant.some(({ condition }) => condition !== undefined), verdicts: new Map() }));
    }
    const known = rule.verdicts.get(resource);
    if (known) return known;
    const asked = contextOfRole(principal, context);
    const own = judge(rule.relevant, action, resource, asked);
    const shared = resources.get(ownerOf(resource));
    if (shared) {
      const names = ['*', `AWS:${principal.roleArn}`, `AWS:${sessionArn(principal)}`];
      const theirs = judge(shared, action, resource, asked, (principals) => principals.some((one) => names.includes(one)));
      return own.outcome === 'denied' || theirs.outcome === 'not granted' ? own : theirs.outcome === 'denied' || own.outcome !== 'allowed' ? theirs : own;
    }
    if (rule.conditional) return own;
    if (rule.verdicts.size >= VERDICTS_KEPT) rule.verdicts.clear();
    rule.verdicts.set(resource, own);
    return own;
  };

  return {
    set(rules) {
      for (const [arn, statements] of Object.entries(rules.roles ?? {})) {
        const before = roles.get(arn);
        if (before) left.push(...usedOf(arn, before));
        if (statements) roles.set(arn, { statements: compileStatements(statements), actions: new Map() });
        else roles.delete(arn);
      }
      for (const [key, principal] of Object.entries(rules.keys ?? {})) {
        if (principal) keys.set(key, principal);
        else keys.delete(key);
      }
      for (const [arn, statements] of Object.entries(rules.resources ?? {})) {
        if (statements && statements.length > 0) resources.set(arn, compileStatements(statements));
        else resources.delete(arn);
      }
      if (rules.resources) for (const role of roles.values()) role.actions.clear();
      if (left.length > 0) onCounted();
    },
    principalOf: (accessKeyId) => keys.get(accessKeyId),
    knows: (roleArn) => roles.has(roleArn),
    may(principal, action, resource, context = NOTHING) {
      const role = roles.get(principal.roleArn);
      const verdict = role && verdictOf(principal, role, action, resource, context);
      if (verdict?.outcome === 'allowed') use(verdict.grants);
      else deny(principal.roleArn, action, resource);
      return verdict?.outcome ?? 'not granted';
    },
    mayService(service, action, resource, sourceArn) {
      const outcome = judgeService(resources.get(ownerOf(resource)) ?? [], service, action, resource, sourceArn);
      if (outcome !== 'allowed') deny(service, action, resource);
      return outcome;
    },
    counts() {
      const used = [...left, ...[...roles].flatMap(([arn, role]) => usedOf(arn, role))];
      const refused = [...denied.values()];
      left = [];
      denied.clear();
      return { used, denied: refused };
    },
  };
}
