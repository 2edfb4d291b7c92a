import { nameOfRole, type AccessCount, type AccessCounts } from './gate/access/judge.ts';
import { compileStatements, statementsOf } from './gate/access/policy.ts';
import type { RoleBook } from './roles.ts';

/** A grant of a role's policies, as written, and the calls that it let through. */
export interface GrantUse { readonly role: string; readonly action: string; readonly resource: string; readonly calls: number }

/** Who used what since the local cloud started, and what was refused. */
export interface AccessUse {
  /** Every grant of every role, also those never used. */
  readonly granted: readonly GrantUse[];
  readonly denied: readonly GrantUse[];
  /** Roles that no key, machine or schedule stands for. */
  readonly idle: readonly string[];
}

export interface AccessLedger {
  add(counts: AccessCounts): void;
  snapshot(roles: RoleBook): AccessUse;
}

const keyOf = ({ role, action, resource }: Omit<AccessCount, 'calls'>): string => `${role}\n${action}\n${resource}`;
const MOST_DENIALS = 1000;

/** Sums what the judges of all endpoints report; a refusal is told on stderr the first time. */
export function createAccessLedger(say: (line: string) => void = (line) => void process.stderr.write(line)): AccessLedger {
  const used = new Map<string, number>();
  const denied = new Map<string, AccessCount>();
  return {
    add(counts) {
      for (const count of counts.used) used.set(keyOf(count), (used.get(keyOf(count)) ?? 0) + count.calls);
      for (const count of counts.denied) {
        const key = keyOf(count);
        const before = denied.get(key);
        if (!before) say(`local cloud: access denied: ${nameOfRole(count.role)} has no ${count.action} on ${count.resource}\n`);
        if (before || denied.size < MOST_DENIALS) denied.set(key, { ...count, calls: count.calls + (before?.calls ?? 0) });
      }
    },
    snapshot: (roles) => ({
      granted: roles.all().flatMap(({ arn, role }) => {
        const grants = compileStatements(role.policies.flatMap((policy) => statementsOf((policy as { PolicyDocument?: unknown }).PolicyDocument))).flatMap((statement) => statement.grants);
        const each = new Map(grants.map(({ action, resource }) => [keyOf({ role: arn, action, resource }), { role: role.name, action, resource, calls: used.get(keyOf({ role: arn, action, resource })) ?? 0 }]));
        return [...each.values()];
      }),
      denied: [...denied.values()].map((count) => ({ ...count, role: nameOfRole(count.role) })),
      idle: roles.all().filter(({ arn }) => !roles.isAssumed(arn)).map(({ role }) => role.name),
    }),
  };
}
