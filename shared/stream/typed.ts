import {
  InvalidEvent, isPointed, parseEvent, parseEventOrPointer, type CanonicalEvent, type PointedEvent,
} from '@orderflow/shared/events';
import { InvalidFact, isPointedFact, parseFact, type Fact, type PointedFact } from '@orderflow/shared/facts';
import { Poison } from './consume.ts';
import { follow, inlineLimit, inlineOrPointer, type ObjectPort } from './payload.ts';
import type { StreamRecord } from './record.ts';

const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** A record of the `events` stream; data over 200 KB goes to `bucket` first. Only validated events get here. */
export async function eventRecord(event: CanonicalEvent, objects: ObjectPort, bucket: string): Promise<StreamRecord> {
  const whole = bytesOf(event);
  // the usual case, without writing its data out twice
  if (whole.byteLength <= inlineLimit) return { partitionKey: event.partitionkey, data: whole };
  const data = await inlineOrPointer(event.data, objects, bucket);
  return { partitionKey: event.partitionkey, data: bytesOf({ ...event, data }) };
}

/** A record of the `facts` stream; a payload over 200 KB goes to `bucket` first. */
export async function factRecord(fact: Fact, objects: ObjectPort, bucket: string): Promise<StreamRecord> {
  const whole = bytesOf(fact);
  if (whole.byteLength <= inlineLimit) return { partitionKey: fact.partitionkey, data: whole };
  const payload = await inlineOrPointer<unknown>(fact.payload, objects, bucket);
  return { partitionKey: fact.partitionkey, data: bytesOf({ ...fact, payload }) };
}

const json = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
  } catch {
    throw new Poison('NOT_JSON', 'the record is not JSON');
  }
};

/** Reads a record of the `events` stream. @throws Poison */
export function readEvent(bytes: Uint8Array): CanonicalEvent | PointedEvent {
  const value = json(bytes);
  try {
    return parseEventOrPointer(value);
  } catch (error) {
    if (error instanceof InvalidEvent) throw new Poison('INVALID_EVENT', error.message, error.problems[0]?.path);
    throw error;
  }
}

/** The event with its data, fetched if it lies on S3. @throws Poison when the data is not what its type says. */
export async function wholeEvent(event: CanonicalEvent | PointedEvent, objects: ObjectPort): Promise<CanonicalEvent> {
  if (!isPointed(event)) return event;
  try {
    return parseEvent({ ...event, data: await follow(event.data, objects) });
  } catch (error) {
    if (error instanceof InvalidEvent) throw new Poison('INVALID_EVENT', error.message, error.problems[0]?.path);
    throw error;
  }
}

/** Reads a record of the `facts` stream. @throws Poison */
export function readFact(bytes: Uint8Array): Fact | PointedFact {
  const value = json(bytes);
  try {
    return parseFact(value);
  } catch (error) {
    if (error instanceof InvalidFact) throw new Poison('INVALID_FACT', error.message);
    throw error;
  }
}

/** The fact with its payload, fetched if it lies on S3. @throws Poison */
export async function wholeFact(fact: Fact | PointedFact, objects: ObjectPort): Promise<Fact> {
  if (!isPointedFact(fact)) return fact;
  try {
    return parseFact({ ...fact, payload: await follow(fact.payload, objects) }) as Fact;
  } catch (error) {
    if (error instanceof InvalidFact) throw new Poison('INVALID_FACT', error.message);
    throw error;
  }
}
