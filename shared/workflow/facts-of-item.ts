import { kinesisClient, s3Client } from '@orderflow/shared/aws';
import { parseFact, type Fact, type FactType, type PayloadOf } from '@orderflow/shared/facts';
import type { InFlightItem, ItemEvent } from '@orderflow/shared/store';
import { batcher, factRecord, kinesisStream, s3Objects, writeAll, type ObjectPort, type StreamPort } from '@orderflow/shared/stream';

/** Tells the warehouse. Resolves once the facts are durable. */
export interface Facts {
  write(facts: readonly Fact[]): Promise<void>;
}

const settledOf = ({ id, type, key, hash, recordedAt }: ItemEvent) => ({ id, type, key, hash, recordedAt });

export interface FactAbout<T extends FactType> {
  readonly fact: T;
  /** Key of the entity: order key, return key … */
  readonly key: string;
  readonly payload: PayloadOf<T>;
  readonly test?: boolean | undefined;
  readonly historical?: boolean | undefined;
}

const envelopeOf = (event: ItemEvent, { key, test, historical }: Omit<FactAbout<FactType>, 'fact' | 'payload'>) => ({
  source: event.source,
  account: event.account,
  key,
  sequence: event.sequence,
  partitionkey: event.key,
  recordedAt: event.recordedAt,
  events: [settledOf(event)],
  ...(test ? { test: true } : {}),
  ...(historical ? { historical: true } : {}),
});

/** A fact made from an item: it settles the item's event, and its load forgets this version of the item. */
export const factOfItem = <T extends FactType>(item: InFlightItem, about: FactAbout<T>): Fact<T> =>
  ({
    ...envelopeOf(item.event, { ...about, test: about.test ?? item.test, historical: about.historical ?? item.historical }),
    fact: about.fact,
    inFlight: { pk: item.pk, sk: item.sk, version: item.version },
    payload: about.payload,
  });

/** The fact that settles an event which needs no item of its own, because `original` has said the same. */
export const absorbedFact = (event: ItemEvent, original: InFlightItem): Fact<'event.absorbed'> =>
  ({
    ...envelopeOf(event, { key: original.event.key, test: original.test, historical: original.historical }),
    fact: 'event.absorbed',
    payload: { reason: 'duplicate', original: original.event.id },
  });

/** Facts on a stream; each is checked against its schema first, so that nothing the warehouse cannot read gets there. */
export const streamFacts = (stream: StreamPort, objects: ObjectPort, staging: string): Facts => ({
  async write(facts) {
    await writeAll(stream, await Promise.all(facts.map((fact) => factRecord(checked(fact), objects, staging))));
  },
});

/** The same, gathering the facts of many callers into few calls. */
export const batchedFacts = (stream: StreamPort, objects: ObjectPort, staging: string): Facts => {
  const records = batcher(stream);
  return {
    async write(facts) {
      await Promise.all(facts.map(async (fact) => records.write(await factRecord(checked(fact), objects, staging))));
    },
  };
};

const checked = (fact: Fact): Fact => parseFact(fact) as Fact;

/** The `facts` stream of this stage. */
export const factsOf = ({ stream, staging, batched = false }: { stream: string; staging: string; batched?: boolean }): Facts =>
  (batched ? batchedFacts : streamFacts)(kinesisStream(kinesisClient(), stream), s3Objects(s3Client()), staging);

/** Keeps what was told. */
export class MemoryFacts implements Facts {
  readonly written: Fact[] = [];
  calls = 0;

  async write(facts: readonly Fact[]): Promise<void> {
    this.calls++;
    this.written.push(...facts.map(checked));
  }
}
