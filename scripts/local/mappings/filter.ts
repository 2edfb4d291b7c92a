import { compilePattern, type EventPattern } from '../event-pattern.ts';

/** Whether a record is delivered. `metadata` is asked for only where a pattern names fields beside the payload. */
export type RecordFilter = (payload: Buffer | string, metadata: () => Readonly<Record<string, unknown>>) => boolean;

/** Undefined when it is no JSON object or array: numbers and words alone count as text. */
function parse(payload: Buffer | string): unknown {
  const text = typeof payload === 'string' ? payload : payload.toString('utf8');
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

type PatternFormat = 'json' | 'text' | 'none';

function readPattern(text: string, field: 'data' | 'body'): { test: (event: unknown) => boolean; format: PatternFormat; payloadOnly: boolean } {
  const parsed = JSON.parse(text) as unknown;
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error('a pattern is a JSON object');
  const pattern = parsed as EventPattern;
  const inner = pattern[field];
  const format: PatternFormat = inner === undefined ? 'none' : Array.isArray(inner) ? 'text' : 'json';
  if (format === 'text' && field === 'data') throw new Error('the filter pattern for data must be in a valid JSON format: {"data": {"field": [rule]}}');
  return { test: compilePattern(pattern), format, payloadOnly: Object.keys(pattern).length === 1 && format !== 'none' };
}

/**
 * Record-level filter criteria on a Kinesis record's `data` or an SQS message's `body`, and on metadata. Where the payload's
 * format (JSON or plain text) is not the pattern's, the record does not pass; without a pattern for the payload only metadata count.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html and with-sqs-filtering.html
 * @throws Error for a pattern that Lambda refuses
 */
export function compileFilters(patterns: readonly string[], field: 'data' | 'body'): RecordFilter | undefined {
  if (patterns.length === 0) return undefined;
  const read = patterns.map((text) => readPattern(text, field));
  return (payload, metadata) => {
    const parsed = parse(payload);
    return read.some(({ test, format, payloadOnly }) => {
      if (format === 'json' && parsed === undefined) return false;
      if (format === 'text' && parsed !== undefined) return false;
      const value = format === 'text' ? payload.toString() : parsed;
      return test(payloadOnly ? { [field]: value } : { ...metadata(), [field]: value });
    });
  };
}
