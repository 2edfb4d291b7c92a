import type { RuledCheckpoint } from './checkpoints.ts';
import { createJudge, type AccessCounts, type AccessRules, type Judge } from './access/judge.ts';
import { principalOfAssumed } from './access/assumed-key.ts';
import { accessDenied, expiredKey, unknownKey, unsigned } from './access/refusal.ts';
import type { Lookups } from './access/requirement.ts';
import { requirementsOf } from './access/requirements.ts';
import { toBeToldOfAbsence, toDelete } from './access/storage-requirements.ts';
import type { GatedCall, Refusal } from './gate.ts';

const TELL_MS = 500;

/** A resource whose policy a call may have changed, told to the main thread, which reads it anew. */
export interface PolicyChange { readonly policyOf: string }

const CHANGES: ReadonlySet<string> = new Set(['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:DeleteBucket', ...['CreateQueue', 'SetQueueAttributes', 'AddPermission', 'RemovePermission', 'DeleteQueue'].map((name) => `sqs:${name}`), ...['CreateTopic', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic'].map((name) => `sns:${name}`)]);

/**
 * IAM: what the role behind a call's key does not grant is refused. A key that stands for no role is the administrator's:
 * people come with any credentials they have. Keys of AssumeRole are known by their form, so that an unknown role fails.
 */
export function openAccess(report: (told: AccessCounts | PolicyChange) => void, lookups: Lookups = {}): RuledCheckpoint & { readonly judge: Judge; tell(): void } {
  let telling: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(telling);
    telling = undefined;
    const counts = judge.counts();
    if (counts.used.length + counts.denied.length > 0) report(counts);
  };
  const judge = createJudge(() => {
    telling ??= setTimeout(tell, TELL_MS).unref();
  });
  const refuse = (call: GatedCall, needed: ReturnType<typeof requirementsOf>): Refusal | undefined => {
    if (call.accessKeyId === 'unsigned') return unsigned(call.service);
    const assumed = principalOfAssumed(call.accessKeyId);
    if (assumed === 'expired') return expiredKey(call.service);
    if (assumed && !judge.knows(assumed.roleArn)) return unknownKey(call.service);
    const principal = assumed ?? judge.principalOf(call.accessKeyId);
    if (!principal) return undefined;
    for (const { action, resource, context } of needed) {
      const outcome = judge.may(principal, action, resource, context);
      if (outcome !== 'allowed') return accessDenied(call.service, principal, action, resource, outcome);
    }
    return undefined;
  };
  return {
    judge, tell,
    // what was counted under the old rules is told first; so nothing but a flush is asked by rules without change
    set(rules: AccessRules) {
      tell();
      judge.set(rules);
    },
    before: (call) => (call.accessKeyId === 'local' ? undefined : refuse(call, requirementsOf(call, lookups))),
    after(call) {
      if (CHANGES.has(`${call.service}:${call.operation}`)) report({ policyOf: requirementsOf(call, lookups)[0]?.resource ?? '' });
      return 'answered';
    },
    failing(call, ids) {
      if (call.service !== 's3' || call.operation !== 'DeleteObjects') return undefined;
      return new Map(ids.flatMap((key): [string, Refusal][] => {
        const refusal = call.accessKeyId === 'local' ? undefined : refuse(call, [toDelete(call, key)]);
        return refusal ? [[key, refusal]] : [];
      }));
    },
    absent: (call) => (call.accessKeyId === 'local' ? undefined : refuse(call, [toBeToldOfAbsence(call)])),
  };
}
