import type { SourceDefinition } from '../sources/definition.ts';
import type { Interpretation } from './interpret.ts';
import type { Answer } from './refusals.ts';

/** What the sender of a delivery is told that was taken: what its source expects, or ids and codes. */
export function acceptance(source: SourceDefinition, { events, rejected, skipped, topic }: Interpretation): Answer {
  if (source.answer) {
    const { status, body, type } = source.answer;
    return { status, headers: type === undefined ? {} : { 'content-type': type }, body };
  }
  const body = skipped
    ? { ignored: topic ?? '' }
    : {
        events: events.map((event) => event.id),
        ...(rejected.length > 0 ? { quarantined: rejected.map(({ id, code, path, message }) => ({ id, code, path, message })) } : {}),
      };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
