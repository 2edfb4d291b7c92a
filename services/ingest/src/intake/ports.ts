import type { Account } from '@orderflow/shared/accounts';
import type { CanonicalEvent } from '@orderflow/shared/events';
import type { Clock, Log, Meter } from '@orderflow/shared/lambda';
import type { SourceDefinition } from '../sources/definition.ts';
import type { Delivery } from './delivery.ts';
import type { Rejected } from './interpret.ts';
import type { RecentPort } from './recent.ts';

/** The webhook secrets of an account: one, or two during a rotation. */
export interface SecretsPort {
  /** @throws when they cannot be read now */
  of(account: Account): Promise<readonly string[]>;
  /** What they are now, if they may be read again already: a signature that failed may be of a key that came since. */
  anew(account: Account): Promise<readonly string[] | undefined>;
}

/** What an account proves itself with to its source's API. */
export interface CredentialsPort {
  /** @throws when it cannot be read now */
  of(account: Account): Promise<string>;
  /** What it is now, if it may be read again already: the API may have refused one that was replaced since. */
  anew(account: Account): Promise<string | undefined>;
}

/** Public keys that vendors publish. */
export interface PublishedPort {
  /** Those that a request says it was signed with: PEM, or JSON Web Key Sets. @throws when they cannot be read now */
  of(source: SourceDefinition, account: Account, request: Delivery): Promise<readonly string[]>;
  /** What they are now, as far as they may be asked for again already. */
  anew(source: SourceDefinition, account: Account, request: Delivery): Promise<readonly string[]>;
}

/** Makes events durable. */
export interface SinkPort {
  /** Resolves when every event is on its stream or in the overflow. @throws NothingDurable */
  put(events: readonly CanonicalEvent[], account: Account): Promise<void>;
}

/** Every raw payload, from the first on. */
export interface ArchivePort {
  /** Takes the delivery and says at once where it will lie: `s3://bucket/key#offset,length`. */
  add(delivery: Delivery): string;
  /** Resolves when all that was added is on S3, or was given up loudly. */
  flush(): Promise<void>;
}

/** What was verified and could not be read. */
export interface QuarantinePort {
  /** Resolves when raw bytes and reasons are durable. */
  put(delivery: Delivery, deliveryId: string, topic: string | undefined, rejected: readonly Rejected[]): Promise<void>;
}

export interface IntakeDeps {
  /** The register of sources; that of `sources/registry.ts` unless set. */
  readonly sourceNamed?: (name: string) => SourceDefinition | undefined;
  readonly accounts: readonly Account[];
  readonly secrets: SecretsPort;
  readonly published: PublishedPort;
  readonly sink: SinkPort;
  readonly archive: ArchivePort;
  readonly quarantine: QuarantinePort;
  /** Absent: every repeat goes on to the claims. */
  readonly recent?: RecentPort | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

/** Neither the stream nor the overflow took an event: the sender must keep it and try again. */
export class NothingDurable extends Error {
  constructor(code: string) {
    super(`neither the stream nor the overflow on S3 can be written: ${code}`);
    this.name = 'NothingDurable';
  }
}
