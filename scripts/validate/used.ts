import { idleReasons, unusedReasons, type UnusedReason } from './unused-grants.ts';

/** As `npm start -- --usage FILE` writes it below `access`. */
export interface AccessUse {
  readonly granted: readonly AccessCount[];
  readonly denied: readonly AccessCount[];
  readonly idle: readonly string[];
}
export interface AccessCount { readonly role: string; readonly action: string; readonly resource: string; readonly calls: number }

export interface UsedReport {
  readonly grants: number;
  readonly used: number;
  /** Never used, and nobody has said why; by role. */
  readonly unused: ReadonlyMap<string, readonly AccessCount[]>;
  /** Never used, with the reason. */
  readonly explained: readonly (AccessCount & { readonly reason: string })[];
  readonly idle: readonly string[];
  readonly denied: readonly AccessCount[];
}

const pattern = (text: string): RegExp => new RegExp(`^${text.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);

/** What of all that the roles grant a run has used, and what it has not. */
export function usedReport({ granted, denied, idle }: AccessUse, reasons: readonly UnusedReason[] = unusedReasons): UsedReport {
  const compiled = reasons.map((each) => ({ role: pattern(each.role), action: pattern(each.action), resource: pattern(each.resource), reason: each.reason }));
  const unused = new Map<string, AccessCount[]>();
  const explained: (AccessCount & { reason: string })[] = [];
  const judged = granted.filter(({ role }) => !idle.includes(role));
  for (const grant of judged) {
    if (grant.calls > 0) continue;
    const found = compiled.find((each) => each.role.test(grant.role) && each.action.test(grant.action) && each.resource.test(grant.resource));
    if (found) explained.push({ ...grant, reason: found.reason });
    else unused.set(grant.role, [...(unused.get(grant.role) ?? []), grant]);
  }
  return { grants: judged.length, used: judged.filter(({ calls }) => calls > 0).length, unused, explained, idle, denied };
}

/** For a person. */
export function usedLines(report: UsedReport): string[] {
  const lines = [`${report.used} of ${report.grants} granted actions were used; ${report.explained.length} were not and need not be:`];
  const byReason = new Map<string, number>();
  for (const { reason } of report.explained) byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  for (const [reason, count] of byReason) lines.push(`  ${String(count).padStart(4)}  ${reason}`);
  for (const role of report.idle) {
    const found = idleReasons.find((each) => pattern(each.role).test(role));
    if (!found) lines.push(`nothing works under ${role}: take it away, or give the reason in scripts/validate/unused-grants.ts`);
  }
  for (const { role, action, resource } of report.denied) lines.push(`DENIED ${role}: ${action} on ${resource}`);
  const count = report.grants - report.used - report.explained.length;
  lines.push(count === 0 ? 'every other granted action was used' : `${count} were never used, and no reason is written in scripts/validate/unused-grants.ts:`);
  for (const [role, grants] of report.unused) {
    lines.push(`  ${role}`);
    for (const { action, resource } of grants) lines.push(`    ${action} on ${resource}`);
  }
  return lines;
}
