import type { InvocationResult } from '../lambda/function.ts';

export type BatchOutcome = { readonly kind: 'success' } | { readonly kind: 'failed' } | { readonly kind: 'partial'; readonly from: number };

/** Identifiers named in `batchItemFailures`; `undefined` = malformed, which AWS takes as a failure of the whole batch. */
function failedIdentifiers(payload: string): readonly string[] | undefined {
  let value: unknown;
  try {
    value = payload === '' ? null : JSON.parse(payload);
  } catch {
    return undefined;
  }
  // an empty or null response
  if (value === null || value === '') return [];
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const list = (value as { batchItemFailures?: unknown }).batchItemFailures;
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) return undefined;
  const names: string[] = [];
  for (const entry of list) {
    const name = (entry as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof name !== 'string' || name === '') return undefined;
    names.push(name);
  }
  return names;
}

/**
 * For streams: the lowest failed sequence number is the checkpoint. An empty list, null or {} is success; an empty, null or
 * unknown identifier fails the batch, as does a failure at its first record: nothing of it has succeeded.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export function streamOutcome(result: InvocationResult, sequences: readonly string[], reports: boolean): BatchOutcome {
  if (result.functionError) return { kind: 'failed' };
  if (!reports) return { kind: 'success' };
  const failed = failedIdentifiers(result.payload);
  if (!failed) return { kind: 'failed' };
  if (failed.length === 0) return { kind: 'success' };
  const positions = failed.map((name) => sequences.indexOf(name));
  const from = Math.min(...positions);
  return from <= 0 ? { kind: 'failed' } : { kind: 'partial', from };
}

/** For queues: which messages stay. Unknown identifiers fail the batch, too. */
export function queueFailures(result: InvocationResult, ids: readonly string[], reports: boolean): readonly string[] {
  if (result.functionError) return ids;
  if (!reports) return [];
  const failed = failedIdentifiers(result.payload);
  if (!failed || failed.some((name) => !ids.includes(name))) return ids;
  return failed;
}
