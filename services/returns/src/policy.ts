import { createHash } from 'node:crypto';
import { shippedReturnPolicy, type ReturnPolicy } from '@orderflow/shared/domain';

/** Keys in one order throughout, so that the same policy has the same hash however it is written. */
const canonical = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(canonical)
    : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, canonical(part)]))
      : value;

/**
 * The policy under the version that decisions cite: `<version>+<first 12 hex digits of the SHA-256 of its content>`. An edit
 * shows, even where its author forgot to name a new version.
 */
export function versioned(policy: ReturnPolicy): ReturnPolicy {
  const sha256 = createHash('sha256').update(JSON.stringify(canonical(policy))).digest('hex');
  return { ...policy, version: `${policy.version}+${sha256.slice(0, 12)}` };
}

/** The merchant's policy. */
export const returnPolicy = (): ReturnPolicy => versioned(shippedReturnPolicy());
