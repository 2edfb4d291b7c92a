import { destinationByType, type CanonicalEvent } from '@orderflow/shared/events';
import {
  batcher, eventRecord, factRecord, NotWritten, type Batcher, type ObjectPort, type StreamPort, type StreamRecord,
} from '@orderflow/shared/stream';
import type { Account } from '@orderflow/shared/accounts';
import type { Log, Meter } from '@orderflow/shared/lambda';
import { factOf, type FactEvent } from './fact.ts';
import { NothingDurable, type SinkPort } from './ports.ts';
import type { Overflow } from './overflow.ts';

export type StreamName = 'events' | 'facts';

export interface SinkParts {
  readonly events: StreamPort;
  readonly facts: StreamPort;
  readonly overflow: Overflow;
  readonly objects: ObjectPort;
  /** Takes data over 200 KB. */
  readonly pointerBucket: string;
  /** How long a record waits for company in its batch, milliseconds. */
  readonly lingerMs: number;
  /** `brief`: a sender waits for the answer, the overflow is asked soon. `long`: nobody waits, the stream is asked on. */
  readonly patience: 'brief' | 'long';
  readonly log: Log;
  readonly meter: Meter;
}

const persistences = {
  brief: { attempts: 5, firstPauseMs: 20, mostPauseMs: 300 },
  long: { attempts: 12, firstPauseMs: 50, mostPauseMs: 2_000 },
} as const;

export interface Sink extends SinkPort {
  drain(): Promise<void>;
}

/**
 * Events and facts of many deliveries in few PutRecords calls; what the stream does not take after a few attempts goes
 * to the overflow on S3, from where `drain-overflow` brings it back.
 */
export function streamSink(parts: SinkParts): Sink {
  const { objects, pointerBucket, overflow, log, meter } = parts;
  const limits = { lingerMs: parts.lingerMs, inFlight: 6, persistence: persistences[parts.patience] };
  const batchers: Record<StreamName, Batcher> = { events: batcher(parts.events, limits), facts: batcher(parts.facts, limits) };

  const recordOf = async (event: CanonicalEvent, account: Account): Promise<readonly [StreamName, StreamRecord]> => {
    switch (destinationByType[event.type]) {
      case 'events':
        return ['events', await eventRecord(event, objects, pointerBucket)];
      case 'facts':
        return ['facts', await factRecord(factOf(event as FactEvent, account.source, account.account), objects, pointerBucket)];
      default:
        throw new Error(`intake has no stream for ${event.type}`);
    }
  };

  const write = async (stream: StreamName, record: StreamRecord): Promise<void> => {
    try {
      await batchers[stream].write(record);
    } catch (error) {
      meter.count('overflowed');
      const code = error instanceof NotWritten ? error.name : 'unknown';
      log.warn('INTAKE_OVERFLOW', { stream, reason: code });
      try {
        await overflow.put(stream, record);
      } catch (failure) {
        throw new NothingDurable(failure instanceof Error ? failure.name : 'unknown');
      }
    }
  };

  return {
    async put(events, account) {
      await Promise.all(events.map(async (event) => write(...(await recordOf(event, account)))));
    },
    async drain() {
      await Promise.all([batchers.events.drain(), batchers.facts.drain()]);
    },
  };
}
