import { destinationByType, type CanonicalEvent } from '@orderflow/shared/events';
import {
  batcher, eventRecord, factRecord, type Batcher, type BatcherLimits, type ObjectPort, type StreamPort, type StreamRecord,
} from '@orderflow/shared/stream';
import type { Account } from '@orderflow/shared/accounts';
import type { Log, Meter } from '@orderflow/shared/lambda';
import { factOf, type FactEvent } from './fact.ts';
import { NothingDurable, type SinkPort } from './ports.ts';
import type { Overflow } from './overflow.ts';
import { noticeRecord } from './notice-queues.ts';
import { isStreamName, streamNames, type StreamName } from './stream-names.ts';

export interface SinkParts {
  readonly streams: Readonly<Record<StreamName, StreamPort>>;
  readonly overflow: Overflow;
  readonly objects: ObjectPort;
  /** Takes data over 200 KB. */
  readonly pointerBucket: string;
  /** Least time between two calls to a stream, milliseconds. */
  readonly lingerMs: number;
  /** `brief`: a sender waits for the answer, the overflow is asked soon. `long`: nobody waits, the stream is asked on. */
  readonly patience: 'brief' | 'long';
  readonly log: Log;
  readonly meter: Meter;
}

/**
 * `brief`: with the overflow's 2.5 s after it a sender has its answer within 5 s, which is what impatient ones (Shopify)
 * wait. A stream that takes nothing for a quarter of a second is asked once a second, by one sender, until it is back.
 */
const patience = {
  brief: {
    withinMs: 1_200, attempts: 5, firstPauseMs: 20, mostPauseMs: 300, inFlight: 6, waitingBytes: 64_000_000,
    breaker: { failures: 5, forMs: 250, probeEveryMs: 1_000 },
  },
  long: {
    withinMs: 60_000, attempts: 40, firstPauseMs: 50, mostPauseMs: 2_000, inFlight: 6, waitingBytes: 256_000_000,
    breaker: { failures: 20, forMs: 20_000, probeEveryMs: 2_000 },
  },
} satisfies Record<SinkParts['patience'], Partial<BatcherLimits>>;

export interface Sink extends SinkPort {
  /** Resolves when nothing is on its way any longer. */
  drain(): Promise<void>;
}

/** Counts what a stream did not take. */
const watched = (stream: StreamPort, meter: Meter): StreamPort => ({
  async put(records) {
    try {
      const results = await stream.put(records);
      const failed = results.filter(({ ok }) => !ok).length;
      if (failed > 0) meter.count('streamRefused', failed);
      return results;
    } catch (error) {
      meter.count('streamFailures');
      meter.count('streamRefused', records.length);
      throw error;
    }
  },
});

function streamOf(type: CanonicalEvent['type']): StreamName {
  const name = destinationByType[type];
  if (!isStreamName(name)) throw new Error(`intake has no stream for ${type}`);
  return name;
}

/**
 * Events and facts of many deliveries in few calls; what a stream does not take in time goes to the overflow on S3, from
 * where `drain-overflow` brings it back. While an elder of a key is on its way there the newer ones go there too; once it
 * is there they go to the stream again, before it: versions decide at the end, and holding them back would need a state
 * that all producers share.
 */
export function streamSink({ streams, objects, pointerBucket, overflow, log, meter, ...sending }: SinkParts): Sink {
  const open = (name: StreamName): Batcher =>
    batcher(watched(streams[name], meter), { ...patience[sending.patience], lingerMs: sending.lingerMs }, {
      otherwise: (record) => overflow.put(name, record),
      changed(down) {
        if (down) meter.count('streamDown');
        log.warn(down ? 'STREAM_DOWN' : 'STREAM_BACK', { stream: name });
      },
    });
  const batchers = Object.fromEntries(streamNames.map((name) => [name, open(name)])) as Record<StreamName, Batcher>;

  const recordOf = async (event: CanonicalEvent, name: StreamName, account: Account): Promise<StreamRecord> => {
    switch (name) {
      case 'events':
        return eventRecord(event, objects, pointerBucket);
      case 'facts':
        return factRecord(factOf(event as FactEvent, account.source, account.account), objects, pointerBucket);
      case 'notices':
        return noticeRecord(event);
    }
  };

  return {
    async put(events, account) {
      const names = events.map(({ type }) => streamOf(type));
      try {
        // large data goes to S3 first; only then are the records written, in the order of the delivery
        const records = await Promise.all(events.map((event, at) => recordOf(event, names[at] ?? 'events', account)));
        await Promise.all(records.map((record, at) => batchers[names[at] ?? 'events'].write(record)));
      } catch (error) {
        throw new NothingDurable(error instanceof Error ? error.name : 'unknown');
      }
    },
    async drain() {
      await Promise.all(Object.values(batchers).map((one) => one.drain()));
    },
  };
}
