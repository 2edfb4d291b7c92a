import type { CallLedger } from './calls.ts';
import type { DynamoDbFront } from './dynamodb/front.ts';
import type { Streams } from './kinesis/streams.ts';
import type { LogStore } from './logs.ts';
import type { MailStore } from './mail/store.ts';
import type { Router } from './router.ts';
import type { SecretStore } from './secrets.ts';
import type { StorageFront } from './storage/front.ts';

/** Where the local cloud keeps its data and listens. */
export interface DataServicesOptions {
  /** Everything on disk stands below this folder; a restart with the same one finds all of it again. */
  readonly dataDir: string;
  /** The one AWS port; 0 = a free one. */
  readonly port: number;
  /** Port of the mail outbox; 0 = a free one. */
  readonly mailPort: number;
  /** Address to listen on, default `127.0.0.1`. */
  readonly host?: string;
  /** Folder of this file (`import.meta.dirname` in the entry file): where the worker threads' sources stand. */
  readonly codeDir: string;
}

/** The data services, started. Every one is already registered with the router. */
export interface DataServices {
  readonly router: Router;
  /** Counts of AWS calls over all endpoints, this one port and the services' own ones. */
  readonly calls: CallLedger;
  readonly kinesis: Streams;
  readonly dynamodb: DynamoDbFront;
  readonly storage: StorageFront;
  readonly mail: MailStore;
  readonly secrets: SecretStore;
  readonly logs: LogStore;
  readonly ports: { readonly aws: number; readonly mail: number; readonly dynamodb: number; readonly storage: number };
  /** `AWS_ENDPOINT_URL…` variables to give to functions: DynamoDB, S3, SQS and SNS skip the router. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Data on disk, listeners and worker threads gone; within 2 s. */
  close(): Promise<void>;
}

export declare function startDataServices(options: DataServicesOptions): Promise<DataServices>;
