import { compilePattern, type EventPattern } from '../event-pattern.ts';

/** One field of the record holds the payload: `data` (Kinesis, base64) or `body` (SQS, text). */
export type RecordFilter = (payload: Buffer | string, outer: Readonly<Record<string, unknown>>) => boolean;

function parse(payload: Buffer | string): unknown {
  try {
    return JSON.parse(typeof payload === 'string' ? payload : payload.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Record-level filter criteria. A pattern on the payload field drops a record whose payload is not JSON, as AWS
 * documents for properly formatted patterns. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
 */
export function compileFilters(patterns: readonly string[], field: 'data' | 'body'): RecordFilter | undefined {
  if (patterns.length === 0) return undefined;
  const tests = patterns.map((text) => {
    const pattern = JSON.parse(text) as EventPattern;
    const inner = pattern[field];
    const onText = Array.isArray(inner);
    return { test: compilePattern(pattern), needsJson: inner !== undefined && !onText, onText };
  });
  return (payload, outer) => {
    let parsed: unknown;
    let tried = false;
    return tests.some(({ test, needsJson, onText }) => {
      if (onText) return test({ ...outer, [field]: payload.toString() });
      if (needsJson && !tried) {
        parsed = parse(payload);
        tried = true;
      }
      if (needsJson && (typeof parsed !== 'object' || parsed === null)) return false;
      return test({ ...outer, [field]: parsed });
    });
  };
}
