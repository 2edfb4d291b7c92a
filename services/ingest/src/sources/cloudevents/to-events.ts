import { fieldsOf, present, readJson, Unreadable, type Fields } from '../../convert/index.ts';
import { toEvents as canonicalEvents } from '../canonical/to-events.ts';
import type { Items, ReadingContext } from '../definition.ts';

/** The data of an event, which may stand there in base64 (JSON event format, 3.1). @throws Unreadable */
function dataOf(event: Fields): unknown {
  const encoded = event.text('data_base64');
  if (encoded === undefined) return event.raw('data');
  try {
    return readJson(Buffer.from(encoded, 'base64'));
  } catch (error) {
    throw error instanceof Unreadable ? new Unreadable(error.code, event.path('data_base64'), error.message) : error;
  }
}

/** In binary mode the attributes are headers and the body is the data; else they stand around it. */
function canonicalOf(payload: unknown, { headers = {}, topic }: ReadingContext): unknown {
  if (headers['ce-specversion'] !== undefined) {
    if (!headers['ce-specversion'].startsWith('1.')) throw new Unreadable('specversion', '$', 'is not 1.0');
    return present({ type: topic, timestamp: headers['ce-time'], sequence: headers['ce-sequence'], data: payload });
  }
  const event = fieldsOf(payload);
  if (!event.id('specversion').startsWith('1.')) throw new Unreadable('specversion', event.path('specversion'), 'is not 1.0');
  if (event.raw('data') === undefined && event.text('dataref') !== undefined) throw new Unreadable('dataref', event.path('dataref'), 'is not followed: send the data');
  return present({ type: event.id('type'), timestamp: event.text('time'), sequence: event.text('sequence'), data: dataOf(event) });
}

/** A path of the canonical event, as one of the CloudEvent. */
const inEvent = (path: string): string => path.replace(/^\$\.timestamp/, '$.time');

/** One CloudEvent whose type and data are canonical → that event. */
export function toEvents(payload: unknown, context: ReadingContext): Items {
  return canonicalEvents(canonicalOf(payload, context), context).map((one) => ('code' in one ? { ...one, path: inEvent(one.path) } : one));
}
