import type { AwsCaller } from '../aws-call.ts';
import type { Destinations } from '../destinations.ts';
import type { DynamoDbFront } from '../dynamodb/front.ts';
import type { EventBridge } from '../eventbridge/event-bridge.ts';
import type { HttpApis } from '../http-api.ts';
import type { Streams } from '../kinesis/streams.ts';
import type { LambdaRuntime } from '../lambda/runtime.ts';
import type { LogStore } from '../logs.ts';
import type { Mappings } from '../mappings.ts';
import type { RoleBook } from '../roles.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { Engine } from '../stepfunctions/engine-contract.ts';
import type { StorageFront } from '../storage/front.ts';
import { plainText } from '../plain-text.ts';
import { AwsError } from '../service.ts';

/** The services that templates are deployed into. */
export interface Cloud {
  readonly region: string;
  readonly accountId: string;
  /** Address of the one port: what URLs of queues begin with. */
  readonly endpoint: string;
  /** Folder of unzipped packages. */
  readonly codeCache: string;
  readonly aws: AwsCaller;
  readonly kinesis: Pick<Streams, 'ensure' | 'streamNames'>;
  readonly dynamodb: Pick<DynamoDbFront, 'call'>;
  readonly storage: Pick<StorageFront, 'onObjectCreated'>;
  readonly logs: Pick<LogStore, 'ensureGroup' | 'removeGroup'>;
  readonly lambda: LambdaRuntime;
  readonly mappings: Mappings;
  readonly engine: Engine;
  readonly rules: EventBridge;
  readonly scheduler: Scheduler;
  readonly apis: HttpApis;
  readonly destinations: Destinations;
  readonly roles: RoleBook;
  /** Where a custom resource answers to: `…/_local/custom-resource/<id>`; resolves with what was PUT there, until it is forgotten. */
  customResource(): { readonly url: string; readonly answer: Promise<Record<string, unknown>>; forget(): void };
}

/** A resource's place in a template. */
export interface Place {
  readonly logicalId: string;
  readonly type: string;
  readonly stackName: string;
  readonly stackId: string;
  /** Resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** `orderflow-orders-AlertsTopic-1A2B3C`-like name for a resource without one; another one for each replacement. */
  readonly generatedName: string;
}

/** A resource as it stands. */
export interface Existing extends Place {
  /** What Ref answers. */
  readonly physicalId: string;
  /** What making it has answered (`Made.attributes`). */
  readonly made: Readonly<Record<string, string>>;
}

export interface ResourceInput extends Existing {
  /** The zip of a function's code, by what its `Code` says. */
  artifact(code: { readonly S3Bucket?: string; readonly S3Key?: string }): Promise<Buffer>;
  /** Whoever waits stops waiting. */
  readonly cancelled: AbortSignal;
  /** What exists already under this name is taken over instead of refused: an earlier start of the local cloud made it. */
  readonly adopt: boolean;
}

export interface Made {
  /** Where the service gives the id. */
  readonly physicalId?: string;
  /** What GetAtt must answer and does not follow from the name and the properties. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Most have nothing to answer. */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- what functions without an answer return
export type Answer = Made | undefined | void;

/** How the resources of one type are made, changed and removed. Errors are the service's own. */
export interface ResourceKind {
  /** Physical id, as far as it is known beforehand: what a killed process has half made is found by it. Default: the generated name. */
  id?(place: Place, cloud: Cloud): string;
  attributes?(existing: Existing, cloud: Cloud): Readonly<Record<string, string>>;
  create(input: ResourceInput, cloud: Cloud): Promise<Answer> | Answer;
  /** In place; default: `create` once more, over it. What needs a replacement according to the specification never comes here. */
  update?(input: ResourceInput, cloud: Cloud, old: Existing): Promise<Answer> | Answer;
  /** Nothing there is no error. */
  remove(existing: Existing, cloud: Cloud): Promise<void> | void;
  /** After a restart: what the service does not keep on disk itself. */
  restore?(existing: Existing, cloud: Cloud): Promise<void> | void;
  /** Without `adopt`, a resource that exists already outside of all stacks is refused. */
  exists?(input: Place & { readonly physicalId: string }, cloud: Cloud): Promise<boolean> | boolean;
}

/** Answers whether what an API call asks for is there. */
export const present = (asking: Promise<unknown>): Promise<boolean> => asking.then(() => true, () => false);

/** Takes "there is none" for done. */
export const gone = async (removing: Promise<unknown>): Promise<void> => {
  await removing.catch((error: unknown) => {
    if (!(error instanceof AwsError && /NotFound|NonExistent|DoesNotExist|NoSuch|NotExist/.test(error.code))) throw error;
  });
};

export const text = (properties: Readonly<Record<string, unknown>>, name: string, otherwise: string): string => {
  const found = properties[name];
  return found === undefined ? otherwise : plainText(found);
};
