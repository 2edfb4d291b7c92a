import type { AwsCaller } from '../aws-call.ts';
import type { Destinations } from '../destinations.ts';
import type { DynamoDbFront } from '../dynamodb/front.ts';
import type { EventBridge } from '../eventbridge/event-bridge.ts';
import type { HttpApis } from '../http-api.ts';
import type { Streams } from '../kinesis/streams.ts';
import type { LambdaRuntime } from '../lambda/runtime.ts';
import type { LogStore } from '../logs.ts';
import type { Mappings } from '../mappings.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { SecretStore } from '../secrets.ts';
import type { Engine } from '../stepfunctions/engine-contract.ts';
import type { StorageFront } from '../storage/front.ts';
import { plainText } from '../plain-text.ts';

/** The services that templates are deployed into. */
export interface Cloud {
  readonly region: string;
  readonly accountId: string;
  /** Folder of unzipped packages. */
  readonly codeCache: string;
  readonly aws: AwsCaller;
  readonly kinesis: Pick<Streams, 'ensure'>;
  readonly dynamodb: Pick<DynamoDbFront, 'call'>;
  readonly storage: Pick<StorageFront, 'onObjectCreated'>;
  readonly secrets: Pick<SecretStore, 'ensure'>;
  readonly logs: Pick<LogStore, 'ensureGroup'>;
  readonly lambda: LambdaRuntime;
  readonly mappings: Mappings;
  readonly engine: Engine;
  readonly rules: EventBridge;
  readonly scheduler: Scheduler;
  readonly apis: HttpApis;
  readonly destinations: Destinations;
  readonly roles: RoleBook;
  /** Where custom resources answer to: `…/_local/custom-resource/<id>`; resolves with what was PUT there. */
  customResource(): { readonly url: string; readonly answer: Promise<Record<string, unknown>> };
}

/** Roles with their policies and the access keys that stand for them. Granting is not enforced here yet. */
export interface RoleBook {
  set(arn: string, role: Role): void;
  /** The key whose calls are allowed by the role. */
  assign(accessKeyId: string, roleArn: string): void;
  all(): { readonly arn: string; readonly role: Role }[];
  roleOf(accessKeyId: string): string | undefined;
}

export interface Role { readonly name: string; readonly policies: readonly unknown[]; readonly trust: unknown }

export interface ResourceInput {
  readonly logicalId: string;
  readonly type: string;
  /** Resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly stackName: string;
  /** `orderflow-orders-AlertsTopic-1A2B3C`-like name for a resource without one; the same on every start. */
  readonly generatedName: string;
  /** Folder of the package: zips lie there. */
  readonly packageDir: string;
  /** Other resources of this stack of a type, resolved lazily: an API needs its routes. */
  siblings(type: string): readonly { readonly logicalId: string; readonly properties: Readonly<Record<string, unknown>> }[];
}

export interface Deployed {
  /** What `Ref` answers. */
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Runs once every stack is there: consumers start only when what they call exists. */
  readonly activate?: () => Promise<void> | void;
}

export type ResourceKind = (input: ResourceInput, cloud: Cloud) => Promise<Deployed> | Deployed;

export const text = (properties: Readonly<Record<string, unknown>>, name: string, otherwise: string): string => {
  const found = properties[name];
  return found === undefined ? otherwise : plainText(found);
};
